using MediaAspire.Core.Duties;
using MediaAspire.Core.Media.Uploads;
using MediaAspire.Core.ObjectStore;
using MediaAspire.Worker.Duties;
using Microsoft.Extensions.Options;

namespace MediaAspire.Worker.MediaUploads;

/// <summary>Deletes objects of removed, refused and expired media, and of removed images, from the object store.</summary>
internal sealed partial class MediaDeletionsDuty(
    ObjectDeletions deletions,
    IObjectStore store,
    MediaUploadMetrics metrics,
    IOptions<MediaUploadWorkOptions> options,
    ILogger<MediaDeletionsDuty> logger) : IDuty
{
    private const int PageSize = 500;

    public string Name => DutyNames.MediaDeletions;

    public TimeSpan Interval => options.Value.DeletionInterval;

    public async Task<long> RunAsync(CancellationToken cancellationToken)
    {
        var deleted = 0L;
        IReadOnlyList<ObjectDeletion> page;
        do
        {
            page = await deletions.ListDueAsync(PageSize, cancellationToken);
            await Parallel.ForEachAsync(
                page,
                new ParallelOptions { MaxDegreeOfParallelism = options.Value.ConcurrentDeletions, CancellationToken = cancellationToken },
                async (deletion, token) =>
                {
                    if (await DeleteAsync(deletion, token))
                    {
                        Interlocked.Increment(ref deleted);
                    }
                });
        }
        while (page.Count == PageSize);

        var (scheduled, failing) = await deletions.CountAsync(cancellationToken);
        metrics.Waiting(scheduled, failing);
        return deleted;
    }

    private async Task<bool> DeleteAsync(ObjectDeletion deletion, CancellationToken cancellationToken)
    {
        if (!ObjectKeys.IsOurs(deletion.Key))
        {
            LogForeign(deletion.Key);
            await deletions.RecordFailureAsync(deletion.Key, "The key is not one of the platform's.", cancellationToken);
            return false;
        }

        try
        {
            if (deletion.MultipartId is { } upload)
            {
                await store.AbortMultipartAsync(deletion.Key, upload, cancellationToken);
            }

            await store.DeleteAsync(deletion.Key, cancellationToken);
        }
        catch (ObjectStoreException failure)
        {
            // One object that the store refuses to delete must not block the others.
            metrics.DeletionFailed();
            LogFailed(deletion.Key, failure.Message);
            await deletions.RecordFailureAsync(deletion.Key, failure.Message, cancellationToken);
            return false;
        }

        await deletions.RecordDeletedAsync(deletion.Key, options.Value.DeletionMargin, cancellationToken);
        metrics.Deleted();
        LogDeleted(deletion.Key);
        return true;
    }

    [LoggerMessage(LogLevel.Trace, "Deleted object {ObjectKey}")]
    private partial void LogDeleted(string objectKey);

    [LoggerMessage(LogLevel.Warning, "Deleting object {ObjectKey} failed; it is tried again later: {Reason}")]
    private partial void LogFailed(string objectKey, string reason);

    [LoggerMessage(LogLevel.Error, "The object {ObjectKey} is scheduled for deletion, but is not the platform's, and is kept")]
    private partial void LogForeign(string objectKey);
}
