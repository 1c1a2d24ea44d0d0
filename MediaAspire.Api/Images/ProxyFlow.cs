using MediaAspire.Core.Fetching;
using MediaAspire.Core.Images;
using MediaAspire.Core.Images.Proxy;
using MediaAspire.Core.Jobs;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace MediaAspire.Api.Images;

/// <summary>Finds the content of addresses of other servers, and has it fetched where it is missing or old.</summary>
/// <remarks>
/// This process fetches nothing. A worker does, once for all requests of all replicas, and its transaction signals them the result.
/// </remarks>
internal sealed class ProxyFlow(
    ImageProxies proxies,
    ImageCatalog catalog,
    UrlRules urls,
    IJobQueue jobs,
    WorkSignals signals,
    IOptions<ProxyOptions> options,
    TimeProvider time)
{
    /// <summary>Finds the content of an address.</summary>
    /// <param name="http">The request.</param>
    /// <param name="address">The address as the client wrote it.</param>
    /// <param name="mayFetch">A value indicating whether content that is missing or old is fetched.</param>
    /// <param name="cancellationToken">Ends the wait; the work goes on.</param>
    /// <returns>The image and the time for which it is fresh, or the problem.</returns>
    public async Task<(AliasedImage? Image, TimeSpan FreshFor, ProblemHttpResult? Problem)> FindAsync(
        HttpContext http, string address, bool mayFetch, CancellationToken cancellationToken)
    {
        if (!options.Value.Enabled)
        {
            return Refuse(ProxyErrors.Disabled());
        }

        if (http.Request.Headers.Via.Any(via => via?.Contains(RemoteFetcher.ViaToken, StringComparison.OrdinalIgnoreCase) == true))
        {
            return Refuse(ProxyErrors.Loop());
        }

        if (urls.Read(address, out var parsed) is { } refusal)
        {
            return Refuse(ProxyErrors.Of(refusal));
        }

        var url = new ProxiedUrl(parsed);
        var entry = await proxies.FindAsync(url, cancellationToken);
        if (!entry.IsSettled && mayFetch)
        {
            if ((await jobs.EnqueueAsync(FetchProxy.Of(url, time), cancellationToken)).Outcome == EnqueueOutcome.Full)
            {
                return Refuse(ImageErrors.QueueFull());
            }

            entry = await signals.WaitAsync(
                url.Key,
                async token => await proxies.FindAsync(url, token) is { IsSettled: true } settled ? settled : null,
                options.Value.WaitLimit,
                cancellationToken) ?? entry;
        }

        if (entry.Image is { } image && IsUsable(image) && await catalog.FindAsync(image.Alias, cancellationToken) is { } found)
        {
            return (found, image.FreshFor, null);
        }

        return Refuse(
            entry.Failure is { } failure ? ProxyErrors.Of(failure)
            : mayFetch ? ProxyErrors.Timeout(options.Value.WaitLimit)
            : ProxyErrors.NotFound());
    }

    // Content that is not fresh any more is better than none, for a while.
    private bool IsUsable(ProxiedImage image) => -image.FreshFor <= options.Value.StaleIfError;

    private static (AliasedImage? Image, TimeSpan FreshFor, ProblemHttpResult? Problem) Refuse(ProblemHttpResult problem) =>
        (null, TimeSpan.Zero, problem);
}
