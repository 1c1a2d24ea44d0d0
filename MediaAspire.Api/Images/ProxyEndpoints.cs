using System.Globalization;
using MediaAspire.Api.Limits;
using MediaAspire.Api.Problems;
using MediaAspire.Api.Security;
using MediaAspire.Core.Images;
using MediaAspire.Core.Images.Variants;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace MediaAspire.Api.Images;

/// <summary>Images of other servers and their variants: <c>/images/proxy</c> and <c>/images/process.{ext}</c>.</summary>
internal static class ProxyEndpoints
{
    private const string Parameter = "proxy";

    private static readonly string[] s_reads = [HttpMethods.Get, HttpMethods.Head];

    public static void MapProxy(this RouteGroupBuilder images)
    {
        Describe(images.MapMethods("/proxy", s_reads, Get).WithName("GetProxiedImage")
            .WithSummary("Get an image of another server, which is fetched once and kept for a while"));
        Describe(images.MapMethods("/process.{ext}", s_reads, GetVariant).WithName("GetProxiedImageVariant")
            .WithSummary("Get a variant of an image of another server, which ?proxy= names"));
    }

    private static void Describe(RouteHandlerBuilder route) => route
        .RequireAuthorization(Policies.ImagesWrite).LimitTransfers()
        .ProducesBlob().ProducesProblems(400, 404, 422, 502, 503);

    private static async Task<IResult> Get(
        HttpContext http,
        [FromQuery] string? url,
        ProxyFlow proxy,
        ImageDownloads downloads,
        CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(url))
        {
            return ImageErrors.InvalidQuery("Name the address with ?url=.");
        }

        var (image, problem) = await FindAsync(http, url, proxy, cancellationToken);
        return image is null ? problem! : downloads.Of(image);
    }

    private static async Task<IResult> GetVariant(
        HttpContext http,
        string ext,
        ProxyFlow proxy,
        VariantReads variants,
        VariantPresets presets,
        CancellationToken cancellationToken)
    {
        var pairs = VariantQuery.ReadPairs(http.Request.QueryString.Value).ToLookup(pair => pair.Key == Parameter);
        if (pairs[true].ToList() is not [{ Value: { Length: > 0 } url }])
        {
            return ImageErrors.InvalidQuery("Name the address once, with ?proxy=.");
        }

        // Nothing is fetched for a request that would be refused afterwards.
        if (VariantEndpoints.ReadWish(http, ext, [.. pairs[false]], presets, out var wish) is { } fault)
        {
            return fault;
        }

        if (variants.Refuse(wish!, ImageGrant.None) is { } refused)
        {
            return refused;
        }

        var (image, problem) = await FindAsync(http, url, proxy, cancellationToken);
        return image is null ? problem! : await variants.GetAsync(http, image.Alias, wish!, ImageGrant.None, cancellationToken);
    }

    private static async Task<(AliasedImage? Image, ProblemHttpResult? Problem)> FindAsync(
        HttpContext http, string url, ProxyFlow proxy, CancellationToken cancellationToken)
    {
        var (image, freshFor, problem) = await proxy.FindAsync(http, url, HttpMethods.IsGet(http.Request.Method), cancellationToken);
        if (image is null)
        {
            return (null, problem);
        }

        // The content of an alias never changes, but that of an address does. And it is the right of the sender to have it fetched.
        var seconds = Math.Max(0, (long)freshFor.TotalSeconds);
        http.Response.OnStarting(() =>
        {
            if (http.Response.StatusCode < StatusCodes.Status400BadRequest)
            {
                http.Response.Headers.CacheControl = string.Create(CultureInfo.InvariantCulture, $"private, max-age={seconds}");
            }

            return Task.CompletedTask;
        });
        return (image, null);
    }
}
