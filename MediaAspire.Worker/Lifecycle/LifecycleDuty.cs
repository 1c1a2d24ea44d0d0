using MediaAspire.Core.Cluster;
using MediaAspire.Core.Duties;
using MediaAspire.Core.Lifecycle;
using MediaAspire.Core.Multipart;
using MediaAspire.Worker.Duties;
using Microsoft.Extensions.Options;

namespace MediaAspire.Worker.Lifecycle;

/// <summary>Walks over every bucket that has lifecycle rules, and expires its versions and uploads.</summary>
/// <remarks>It holds one page of versions at a time. It deletes no bytes: they are collected like those of any deleted file.</remarks>
internal sealed partial class LifecycleDuty(
    LifecycleCatalog catalog,
    MultipartCatalog uploads,
    LifecycleWalker walker,
    DatabaseRestores restores,
    LifecycleMetrics metrics,
    IOptions<LifecycleOptions> options,
    ILogger<LifecycleDuty> logger) : IDuty
{
    private readonly LifecycleClock _clock = new(options.Value.DayLength);

    public string Name => DutyNames.Lifecycle;

    public TimeSpan Interval => options.Value.Interval;

    public async Task<long> RunAsync(CancellationToken cancellationToken)
    {
        if (await restores.IsOpenAsync(cancellationToken))
        {
            // Rules and versions may have changed since the backup.
            return 0;
        }

        var ended = 0L;
        IReadOnlyList<BucketRules> page = [];
        do
        {
            page = await catalog.ListBucketsAsync(page.Count == 0 ? null : page[^1].Id, options.Value.PageSize, cancellationToken);
            foreach (var bucket in page)
            {
                ended += await WalkAsync(bucket, cancellationToken);
            }
        }
        while (page.Count == options.Value.PageSize);

        await uploads.ForgetCompletedAsync(options.Value.CompletedUploadAge, cancellationToken);
        return ended;
    }

    private async Task<long> WalkAsync(BucketRules bucket, CancellationToken cancellationToken)
    {
        if (LifecycleConfiguration.TryParse(bucket.Document) is not { } configuration)
        {
            // One bucket's document must not block the rules of the others.
            metrics.Unreadable();
            LogUnreadable(bucket.Name);
            return 0;
        }

        var judge = new LifecycleJudge(configuration, _clock);
        var ended = await walker.WalkVersionsAsync(bucket, judge, cancellationToken)
            + await walker.WalkUploadsAsync(bucket, judge, cancellationToken);
        if (ended > 0)
        {
            LogEnded(bucket.Name, ended);
        }

        return ended;
    }

    [LoggerMessage(LogLevel.Information, "The lifecycle rules of bucket {Bucket} expired {Items} versions and uploads")]
    private partial void LogEnded(string bucket, long items);

    [LoggerMessage(LogLevel.Error, "The lifecycle rules of bucket {Bucket} are not readable; nothing in it expires")]
    private partial void LogUnreadable(string bucket);
}
