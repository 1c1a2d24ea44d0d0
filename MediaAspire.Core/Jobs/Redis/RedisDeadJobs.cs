using MediaAspire.Core.Ids;
using StackExchange.Redis;

namespace MediaAspire.Core.Jobs.Redis;

/// <summary>The dead letters in Redis.</summary>
internal sealed class RedisDeadJobs(RedisJobCommands commands) : IDeadJobs
{
    private const int PageSize = 100;

    public async Task<IReadOnlyList<DeadJob>> ListAsync(JobId? after, int limit, CancellationToken cancellationToken)
    {
        var jobs = await commands.RunAsync(RedisJobScripts.ListDead, [after?.ToString() ?? "", limit], cancellationToken);
        return [.. RedisJobFields.List(jobs).Select(ReadJob)];
    }

    public async Task<DeadJob?> FindAsync(JobId id, CancellationToken cancellationToken)
    {
        var jobs = await commands.RunAsync(RedisJobScripts.FindDead, [id.ToString()], cancellationToken);
        return RedisJobFields.List(jobs).Select(ReadJob).SingleOrDefault();
    }

    public async Task<bool> ReplayAsync(JobId id, CancellationToken cancellationToken) =>
        (long)await commands.RunAsync(RedisJobScripts.ReplayDead, [id.ToString()], cancellationToken) == 1;

    public Task<long> ReplayAllAsync(CancellationToken cancellationToken) => DeadJobPages.ReplayAllAsync(this, cancellationToken);

    public async Task<bool> PurgeAsync(JobId id, CancellationToken cancellationToken) =>
        (long)await commands.RunAsync(RedisJobScripts.PurgeDead, [id.ToString()], cancellationToken) == 1;

    public async Task<long> PurgeAllAsync(CancellationToken cancellationToken)
    {
        var purged = 0L;
        JobId? after = null;

        // Page by page: one script over all of them would keep everybody else waiting.
        while (await ListAsync(after, PageSize, cancellationToken) is { Count: > 0 } page)
        {
            RedisValue[] ids = [.. page.Select(job => (RedisValue)job.Id.ToString())];
            purged += (long)await commands.RunAsync(RedisJobScripts.PurgeDead, ids, cancellationToken);
            after = page[^1].Id;
        }

        return purged;
    }

    private static DeadJob ReadJob(RedisResult answer)
    {
        var fields = RedisJobFields.List(answer);
        return new DeadJob(
            RedisJobFields.Id(fields[0]),
            (string)fields[1]!,
            (byte[])fields[2]!,
            (JobPriority)(int)fields[3],
            RedisJobFields.Optional(fields[4]),
            (int)fields[5],
            (string)fields[6]!,
            RedisJobFields.Time(fields[7]),
            RedisJobFields.Time(fields[8]),
            RedisJobFields.Optional(fields[9]));
    }
}
