using MediaAspire.Core.Ids;
using StackExchange.Redis;

namespace MediaAspire.Core.Jobs.Redis;

/// <summary>Takes jobs from Redis. One instance is one worker, with a list of the jobs that it has.</summary>
internal sealed class RedisJobSource(RedisJobCommands commands) : IJobSource
{
    private readonly RedisValue _worker = $"{Environment.MachineName}/{Environment.ProcessId}/{Guid.CreateVersion7():N}";

    public async Task<TakenJobs> TakeAsync(IReadOnlyList<string> kinds, int limit, TimeSpan lease, CancellationToken cancellationToken)
    {
        RedisValue[] arguments =
            [_worker, limit, Milliseconds(lease), JobErrors.WorkerDied, .. kinds.Select(kind => (RedisValue)kind)];
        var answer = RedisJobFields.List(await commands.RunAsync(RedisJobScripts.Take, arguments, cancellationToken));
        var nextDue = (long)answer[1];
        return new TakenJobs(
            [.. RedisJobFields.List(answer[0]).Select(ReadJob)],
            nextDue < 0 ? null : TimeSpan.FromMilliseconds(nextDue),
            [.. RedisJobFields.List(answer[2]).Select(kind => (string)kind!)]);
    }

    public async Task<IReadOnlyList<JobId>> HeartbeatAsync(
        IReadOnlyList<LeasedJob> jobs, TimeSpan lease, CancellationToken cancellationToken)
    {
        var lost = await commands.RunAsync(RedisJobScripts.Heartbeat, [Milliseconds(lease), .. Leases(jobs)], cancellationToken);
        return [.. RedisJobFields.List(lost).Select(RedisJobFields.Id)];
    }

    public Task CompleteAsync(IReadOnlyList<LeasedJob> jobs, CancellationToken cancellationToken) =>
        commands.RunAsync(RedisJobScripts.Complete, [.. Leases(jobs)], cancellationToken);

    public async Task<bool> RetryAsync(LeasedJob job, TimeSpan delay, string reason, CancellationToken cancellationToken) =>
        (long)await commands.RunAsync(RedisJobScripts.Return, [Milliseconds(delay), 0, reason, .. Leases([job])], cancellationToken) == 1;

    public async Task<bool> MoveToDeadLettersAsync(LeasedJob job, string reason, CancellationToken cancellationToken) =>
        (long)await commands.RunAsync(RedisJobScripts.MoveToDeadLetters, [.. Leases([job]), reason], cancellationToken) == 1;

    public Task ReleaseAsync(IReadOnlyList<LeasedJob> jobs, CancellationToken cancellationToken) =>
        commands.RunAsync(RedisJobScripts.Return, [0, 1, "", .. Leases(jobs)], cancellationToken);

    public async Task ListenAsync(Action<string?> signal, CancellationToken cancellationToken)
    {
        var subscriber = commands.Connection.GetSubscriber();
        void OnMessage(RedisChannel channel, RedisValue kind) => signal(kind);
        void OnRestored(object? sender, ConnectionFailedEventArgs restored) => signal(null);

        commands.Connection.ConnectionRestored += OnRestored;
        try
        {
            await subscriber.SubscribeAsync(RedisJobCommands.DueChannel, OnMessage).WaitAsync(cancellationToken);

            // For messages that were published before the subscription; the client itself subscribes again after a broken connection.
            signal(null);
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

    private static LeasedJob ReadJob(RedisResult answer)
    {
        var fields = RedisJobFields.List(answer);
        return new LeasedJob(
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

    private static IEnumerable<RedisValue> Leases(IReadOnlyList<LeasedJob> jobs) =>
        jobs.SelectMany(job => new RedisValue[] { job.Id.ToString(), job.LeaseNumber });
}
