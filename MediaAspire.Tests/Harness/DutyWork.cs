using MediaAspire.Core.Cluster;
using MediaAspire.Core.Jobs;
using MediaAspire.Worker.Duties;
using MediaAspire.Worker.Queue;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace MediaAspire.Tests.Harness;

/// <summary>Runs a worker's duties and the jobs that they plan.</summary>
internal static class DutyWork
{
    private static readonly TimeSpan s_lease = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Runs a duty as if its interval had passed, then the jobs that it has enqueued, and repeats this until it enqueues no more. A job
    /// that fails keeps its lease, as if the worker had been killed.
    /// </summary>
    /// <returns>The sum of the results of the duty's runs.</returns>
    public static async Task<long> RunAsync<TDuty>(this ServiceProvider worker, CancellationToken cancellationToken = default)
        where TDuty : IDuty
    {
        await worker.GetRequiredService<ClusterView>().RefreshAsync(cancellationToken);
        await using (var command = worker.GetRequiredService<NpgsqlDataSource>().CreateCommand(
            "UPDATE duty_items SET due_at = now() WHERE resting"))
        {
            await command.ExecuteNonQueryAsync(cancellationToken);
        }

        var sum = 0L;
        int jobs;
        do
        {
            sum += await worker.GetRequiredService<TDuty>().RunAsync(cancellationToken);
            jobs = await worker.RunJobsAsync(cancellationToken);
        }
        while (jobs > 0);

        return sum;
    }

    /// <summary>Runs the jobs that are due, four at a time.</summary>
    /// <returns>The number of jobs.</returns>
    public static async Task<int> RunJobsAsync(this ServiceProvider worker, CancellationToken cancellationToken = default)
    {
        var handlers = worker.GetRequiredService<JobHandlers>();
        var source = worker.GetRequiredService<IJobSource>();
        var kinds = handlers.LimitedKinds.Select(kind => kind.Kind).Concat(handlers.SharingKinds).ToList();
        var jobs = (await source.TakeAsync(kinds, 1000, s_lease, CancellationToken.None)).Jobs;
        var fourAtOnce = new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(jobs, fourAtOnce, async (job, token) =>
        {
            await handlers.RunAsync(job, token);
            await source.CompleteAsync([job], CancellationToken.None);
        });
        return jobs.Count;
    }
}
