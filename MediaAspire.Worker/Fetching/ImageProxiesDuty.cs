using MediaAspire.Core.Duties;
using MediaAspire.Core.Images.Proxy;
using MediaAspire.Core.Images.Uploads;
using MediaAspire.Worker.Duties;
using Microsoft.Extensions.Options;

namespace MediaAspire.Worker.Fetching;

/// <summary>Removes proxied images that nobody reads, and enqueues fetches whose job was lost.</summary>
internal sealed partial class ImageProxiesDuty(
    ImageProxies proxies, UrlUploads uploads, IOptions<ProxyOptions> options, ILogger<ImageProxiesDuty> logger) : IDuty
{
    private const int BatchSize = 500;

    public string Name => DutyNames.ImageProxies;

    public TimeSpan Interval => options.Value.SweepInterval;

    public async Task<long> RunAsync(CancellationToken cancellationToken)
    {
        var removed = await Batches.RunAllAsync(BatchSize, proxies.SweepAsync, cancellationToken);
        if (removed > 0)
        {
            LogRemoved(removed);
        }

        var stalled = await uploads.ListStalledAsync(BatchSize, cancellationToken);
        foreach (var upload in stalled)
        {
            await uploads.EnqueueAsync(upload, cancellationToken);
        }

        return removed + stalled.Count;
    }

    [LoggerMessage(LogLevel.Debug, "Removed {Images} proxied images that nobody has read for long")]
    private partial void LogRemoved(long images);
}
