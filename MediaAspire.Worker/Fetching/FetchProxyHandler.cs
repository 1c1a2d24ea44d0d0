using MediaAspire.Core.Fetching;
using MediaAspire.Core.Images;
using MediaAspire.Core.Images.Proxy;
using MediaAspire.Core.Images.Uploads;
using MediaAspire.Core.Jobs;
using MediaAspire.Worker.Queue;
using Microsoft.Extensions.Options;

namespace MediaAspire.Worker.Fetching;

/// <summary>Fetches the content of a proxied address, or asks its origin whether it changed.</summary>
/// <remarks>One fetch of an address runs at a time, over all workers. Idempotent: what is known already is not fetched again.</remarks>
internal sealed partial class FetchProxyHandler(
    ImageProxies proxies,
    ImageUploads uploads,
    UrlRules urls,
    ImageDownloader downloader,
    IOptions<ProxyOptions> options,
    ILogger<FetchProxyHandler> logger) : IJobHandler<FetchProxy>
{
    public async Task HandleAsync(FetchProxy payload, JobContext job, CancellationToken cancellationToken)
    {
        var url = new ProxiedUrl(new Uri(payload.Url));
        if (urls.Check(url.Url) is { } refusal)
        {
            // The rules of this worker are stricter than those of the API.
            await proxies.FailAsync(url, refusal, cancellationToken);
            return;
        }

        // A job that waits for another one of its address would keep a place from other addresses. The other one's result is also the one
        // that was wanted here; if its process dies, its own job is tried again.
        await using var locked = await proxies.TryLockAsync(url, cancellationToken);
        if (locked is null)
        {
            return;
        }

        var entry = await proxies.FindAsync(url, cancellationToken);
        if (entry.IsSettled)
        {
            return;
        }

        await using var download = await downloader.FetchAsync(
            url.Url, maxBytes: null, entry.Image?.ETag, entry.Image?.LastModified, cancellationToken);
        var result = download.Result;
        if (result.Failure is { } failure)
        {
            await proxies.FailAsync(url, failure, cancellationToken);
            LogFailed(url.Url.IdnHost, failure.Code);
        }
        else if (!result.IsUnchanged)
        {
            await StoreAsync(url, download, cancellationToken);
        }
        else if (!await proxies.RefreshAsync(url, result, cancellationToken))
        {
            throw new OriginUnavailableException("The content of the address was removed while its origin was asked; it is fetched again.");
        }
    }

    /// <summary>Makes an image of a download, as of any upload, and records its alias.</summary>
    private async Task StoreAsync(ProxiedUrl url, ImageDownload download, CancellationToken cancellationToken)
    {
        var bytes = download.Result.Bytes;
        var wishes = new UploadWishes { IsCached = true };
        var upload = await uploads.ReceiveAsync(owner: null, wishes, download.Bytes, bytes, bytes, cancellationToken)
            ?? throw new InvalidOperationException("A download with bytes became an upload without.");
        if (await uploads.EnqueueAsync(upload, cancellationToken) == EnqueueOutcome.Full)
        {
            await uploads.RemoveAsync([upload], cancellationToken);
            throw new OriginUnavailableException("Too many images wait for their processing.");
        }

        if (await uploads.WaitAsync(upload, options.Value.WaitLimit, cancellationToken) is null)
        {
            await uploads.RemoveAsync([upload], cancellationToken);
            throw new OriginUnavailableException($"The image was not processed within {options.Value.WaitLimit}.");
        }

        var outcome = await uploads.ClaimAsync(upload, owner: null, DeleteToken.New(), cancellationToken);
        if (outcome is { State: UploadState.Done, Alias: { } alias })
        {
            await proxies.StoreAsync(url, alias, download.Result, cancellationToken);
            LogStored(url.Url.IdnHost, alias);
            return;
        }

        var failure = outcome.Failure is { } refused
            ? new FetchFailure(FetchFailureKind.Rejected, refused.Code, refused.Message)
            : throw new OriginUnavailableException("The upload of the image was removed while it was processed.");
        await proxies.FailAsync(url, failure, cancellationToken);
        LogFailed(url.Url.IdnHost, failure.Code);
    }

    [LoggerMessage(LogLevel.Debug, "Fetched an image from {Host}: {Alias}")]
    private partial void LogStored(string host, ImageAlias alias);

    [LoggerMessage(LogLevel.Debug, "Nothing was fetched from {Host}: {Code}")]
    private partial void LogFailed(string host, string code);
}
