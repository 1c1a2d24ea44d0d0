using MediaAspire.Core.Chunks;
using MediaAspire.Core.Lifecycle;
using MediaAspire.Core.Multipart;
using Microsoft.Extensions.Options;

namespace MediaAspire.Worker.Lifecycle;

/// <summary>Goes through a bucket page by page.</summary>
internal sealed class LifecycleWalker(
    LifecycleCatalog catalog, MultipartCatalog uploads, LifecycleMetrics metrics, IOptions<LifecycleOptions> options, TimeProvider time)
{
    // Counts items, not bytes.
    private readonly Pacer _pacer = new(options.Value.MaxRate, time);

    /// <returns>The number of versions that expired.</returns>
    public async Task<long> WalkVersionsAsync(BucketRules bucket, LifecycleJudge judge, CancellationToken cancellationToken)
    {
        var ended = 0L;
        foreach (var range in judge.VersionRanges)
        {
            var walk = new VersionWalk();
            IReadOnlyList<VersionRecord> page = [];
            var now = DateTimeOffset.MinValue;
            do
            {
                (page, var readAt) = await catalog.ReadVersionsAsync(
                    bucket.Id, range, page.Count == 0 ? null : page[^1], options.Value.PageSize, cancellationToken);

                // A last page without versions completes one of the page before, and has no time of its own.
                now = readAt ?? now;
                var complete = new List<VersionRecord>();
                foreach (var version in page)
                {
                    walk.Next(version, complete);
                }

                if (page.Count < options.Value.PageSize)
                {
                    walk.End(complete);
                }

                ended += await ExpireAsync(
                    bucket, judge, complete.Where(version => judge.Judge(version, now) is not null), cancellationToken);
                metrics.Examined(page.Count);
                await _pacer.WaitAsync(page.Count, cancellationToken);
            }
            while (page.Count == options.Value.PageSize);
        }

        return ended;
    }

    /// <returns>The number of uploads that were aborted.</returns>
    public async Task<long> WalkUploadsAsync(BucketRules bucket, LifecycleJudge judge, CancellationToken cancellationToken)
    {
        var aborted = 0L;
        foreach (var range in judge.UploadRanges)
        {
            IReadOnlyList<UploadRecord> page = [];
            do
            {
                (page, var readAt) = await catalog.ReadUploadsAsync(
                    bucket.Id, range, page.Count == 0 ? null : page[^1], options.Value.PageSize, cancellationToken);
                foreach (var upload in page.Where(upload => readAt is { } now && judge.IsUploadDue(upload.Key, upload.InitiatedAt, now)))
                {
                    if (await uploads.AbortAsync(upload.Id, cancellationToken))
                    {
                        metrics.Aborted();
                        aborted++;
                    }
                }

                metrics.Examined(page.Count);
                await _pacer.WaitAsync(page.Count, cancellationToken);
            }
            while (page.Count == options.Value.PageSize);
        }

        return aborted;
    }

    private async Task<long> ExpireAsync(
        BucketRules bucket, LifecycleJudge judge, IEnumerable<VersionRecord> due, CancellationToken cancellationToken)
    {
        var ended = 0L;
        foreach (var batch in due.Chunk(options.Value.BatchSize))
        {
            foreach (var (kind, count) in await catalog.ExpireAsync(bucket, judge, batch, cancellationToken))
            {
                metrics.Expired(kind, count);
                ended += count;
            }
        }

        return ended;
    }
}
