namespace MediaAspire.Core.Jobs;

/// <summary>The statistics of the queue.</summary>
public interface IJobStats
{
    /// <summary>Counts the jobs of every kind that has any, in the order of the kinds' names.</summary>
    Task<IReadOnlyList<JobKindStats>> ReadAsync(CancellationToken cancellationToken);
}

/// <param name="Kind">The kind's name.</param>
/// <param name="Ready">Jobs that are due and wait for a worker.</param>
/// <param name="Delayed">Jobs that are not due yet, new ones and those between two attempts.</param>
/// <param name="Running">Jobs under a lease.</param>
/// <param name="Dead">Dead letters.</param>
/// <param name="OldestAge">The waiting time of the job that has been due longest; zero when no job is due.</param>
public sealed record JobKindStats(string Kind, long Ready, long Delayed, long Running, long Dead, TimeSpan OldestAge);
