using MediaAspire.Core.Ids;
using StackExchange.Redis;

namespace MediaAspire.Core.Jobs.Redis;

/// <summary>Takes jobs from Redis. One instance is one worker, with a list of the jobs that it has.</summary>
internal sealed class RedisJobSource(RedisJobCommands commands) : IJobSource
{
    private readonly RedisValue _worker = $"{Environment.MachineName}/{Environment.ProcessId}/{Guid.CreateVersion7():N}";

    public async Task<JobClaims> ClaimAsync(IReadOnlyList<string> kinds, int limit, TimeSpan lease, CancellationToken cancellationToken)
    {
        RedisValue[] arguments =
            [_worker, limit, Milliseconds(lease), JobErrors.WorkerDied, .. kinds.Select(kind => (RedisValue)kind)];
        var answer = RedisJobFields.List(await commands.RunAsync(RedisJobScripts.Claim, arguments, cancellationToken));
        var nextDue = (long)answer[1];
        return new JobClaims(
            [.. RedisJobFields.List(answer[0]).Select(ReadJob)],
            nextDue < 0 ? null : TimeSpan.FromMilliseconds(nextDue),
            [.. RedisJobFields.List(answer[2]).Select(kind => (string)kind!)]);
    }

    public async Task<IReadOnlyList<JobId>> HeartbeatAsync(IReadOnlyList<ClaimedJob> jobs, TimeSpan lease, CancellationToken cancellationToken)
    {
        var lost = await commands.RunAsync(RedisJobScripts.Heartbeat, [Milliseconds(lease), .. Claims(jobs)], cancellationToken);
        return [.. RedisJobFields.List(lost).Select(RedisJobFields.Id)];
    }

    public Task CompleteAsync(IReadOnlyList<ClaimedJob> jobs, CancellationToken cancellationToken) =>
        commands.RunAsync(RedisJobScripts.Complete, [.. Claims(jobs)], cancellationToken);

    public async Task<bool> RetryAsync(ClaimedJob job, TimeSpan delay, string reason, CancellationToken cancellationToken) =>
        (long)await commands.RunAsync(RedisJobScripts.Return, [Milliseconds(delay), 0, reason, .. Claims([job])], cancellationToken) == 1;

    public async Task<bool> BuryAsync(ClaimedJob job, string reason, CancellationToken cancellationToken) =>
        (long)await commands.RunAsync(RedisJobScripts.Bury, [.. Claims([job]), reason], cancellationToken) == 1;

    public Task GiveBackAsync(IReadOnlyList<ClaimedJob> jobs, CancellationToken cancellationToken) =>
        commands.RunAsync(RedisJobScripts.Return, [0, 1, "", .. Claims(jobs)], cancellationToken);

    public async Task ListenAsync(Action<string?> ring, CancellationToken cancellationToken)
    {
        var subscriber = commands.Connection.GetSubscriber();
        void OnMessage(RedisChannel channel, RedisValue kind) => ring(kind);
        void OnRestored(object? sender, ConnectionFailedEventArgs restored) => ring(null);

        commands.Connection.ConnectionRestored += OnRestored;
        try
        {
            await subscriber.SubscribeAsync(RedisJobCommands.DueChannel, OnMessage).WaitAsync(cancellationToken);

            // What was published while nobody listened; the client itself subscribes again after a broken connection.
            ring(null);
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException)
        {
            throw RedisJobCommands.Unavailable(exception);
        }
        finally
        {
            commands.Connection.ConnectionRestored -= OnRestored;
            subscriber.Unsubscribe(RedisJobCommands.DueChannel, OnMessage, CommandFlags.FireAndForget);
        }
    }

    private static ClaimedJob ReadJob(RedisResult answer)
    {
        var fields = RedisJobFields.List(answer);
        return new ClaimedJob(
            RedisJobFields.Id(fields[0]),
            (string)fields[1]!,
            (byte[])fields[2]!,
            (int)fields[3],
            (int)fields[4],
            (long)fields[5],
            RedisJobFields.Time(fields[6]),
            RedisJobFields.Duration(fields[7]),
            RedisJobFields.Optional(fields[8]));
    }

    private static RedisValue Milliseconds(TimeSpan duration) => (long)Math.Ceiling(duration.TotalMilliseconds);

    private static IEnumerable<RedisValue> Claims(IReadOnlyList<ClaimedJob> jobs) =>
        jobs.SelectMany(job => new RedisValue[] { job.Id.ToString(), job.Claim });
}
