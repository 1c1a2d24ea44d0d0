using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Npgsql;

namespace MediaAspire.Core.Jobs.Postgres;

/// <summary>
/// The number of unfinished jobs of a kind: a count that is at most a second old, and the additions of this process since.
/// </summary>
/// <remarks>
/// Counting at every enqueue would cost as much as the queue is long, and a counter in a row would make every transaction that enqueues
/// wait for the one before. So the limit can be passed by what other processes add within that second.
/// </remarks>
internal sealed class PostgresJobDepth(PostgresJobCommands commands, IOptions<JobOptions> options, TimeProvider time)
{
    private const string Count = "SELECT count(*) FROM (SELECT FROM jobs WHERE kind = $1 LIMIT $2) AS unfinished";

    private static readonly TimeSpan s_maxAge = TimeSpan.FromSeconds(1);

    // Of a count that says "full": the queue may be emptied as fast as it is filled, which this process's own additions do not show.
    private static readonly TimeSpan s_maxAgeWhenFull = TimeSpan.FromMilliseconds(100);

    private readonly ConcurrentDictionary<string, Estimate> _estimates = new();

    public ValueTask<bool> IsFullAsync(string kind, CancellationToken cancellationToken) =>
        IsFullAsync(
            kind,
            async () =>
            {
                await using var command = commands.Create(Count, Parameters(kind));
                return (long)(await PostgresJobCommands.RunAsync(command.ExecuteScalarAsync, cancellationToken))!;
            });

    /// <summary>
    /// Counts, if it must, on the transaction's connection: a caller that holds a connection and waits for another may wait for ever.
    /// </summary>
    public ValueTask<bool> IsFullAsync(string kind, NpgsqlTransaction transaction, CancellationToken cancellationToken) =>
        IsFullAsync(
            kind,
            async () =>
            {
                await using var command = new NpgsqlCommand(Count, transaction.Connection, transaction);
                command.Parameters.AddRange(Parameters(kind));
                return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
            });

    public void Add(string kind)
    {
        if (_estimates.TryGetValue(kind, out var estimate))
        {
            estimate.Add();
        }
    }

    private async ValueTask<bool> IsFullAsync(string kind, Func<Task<long>> count)
    {
        var estimate = _estimates.GetOrAdd(kind, _ => new Estimate());
        var age = estimate.CountedAt is { } countedAt ? time.GetElapsedTime(countedAt) : TimeSpan.MaxValue;
        if (age > (estimate.Jobs >= options.Value.MaxDepth ? s_maxAgeWhenFull : s_maxAge))
        {
            // Concurrent callers use the old count instead of counting too.
            estimate.CountedAt = time.GetTimestamp();
            estimate.Jobs = await count();
        }

        return estimate.Jobs >= options.Value.MaxDepth;
    }

    private NpgsqlParameter[] Parameters(string kind) => [new() { Value = kind }, new() { Value = options.Value.MaxDepth }];

    private sealed class Estimate
    {
        private long _jobs;
        private long _countedAt = long.MinValue;

        public long Jobs
        {
            get => Volatile.Read(ref _jobs);
            set => Volatile.Write(ref _jobs, value);
        }

        /// <summary>A timestamp of the time provider; null before the first count.</summary>
        public long? CountedAt
        {
            get => Volatile.Read(ref _countedAt) is var at and not long.MinValue ? at : null;
            set => Volatile.Write(ref _countedAt, value ?? long.MinValue);
        }

        public void Add() => Interlocked.Increment(ref _jobs);
    }
}
