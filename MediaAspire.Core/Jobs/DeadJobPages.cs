using MediaAspire.Core.Ids;

namespace MediaAspire.Core.Jobs;

/// <summary>Walks over all dead letters, page by page.</summary>
internal static class DeadJobPages
{
    private const int PageSize = 100;

    /// <summary>Replays every dead letter once: one that dies again meanwhile lies before the page.</summary>
    public static async Task<long> ReplayAllAsync(IDeadJobs dead, CancellationToken cancellationToken)
    {
        var replayed = 0L;
        JobId? after = null;
        while (await dead.ListAsync(after, PageSize, cancellationToken) is { Count: > 0 } page)
        {
            foreach (var job in page)
            {
                replayed += await dead.ReplayAsync(job.Id, cancellationToken) ? 1 : 0;
            }

            after = page[^1].Id;
        }

        return replayed;
    }
}
