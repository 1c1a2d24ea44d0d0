using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Npgsql;

namespace MediaAspire.Core.Jobs.Postgres;

/// <summary>How many unfinished jobs there are of a kind: a count that is at most a second old, and what this process has added since.</summary>
/// <remarks>
/// Counting at every enqueue would cost as much as the queue is long, and a counter in a row would make every transaction that enqueues wait for
/// the one before. So the limit can be passed by what other processes add within that second.
/// </remarks>
internal sealed class PostgresJobDepth(PostgresJobCommands commands, IOptions<JobOptions> options, TimeProvider time)
{
    private static readonly TimeSpan s_maxAge = TimeSpan.FromSeconds(1);

    // Of a count that says "full": the queue may be emptied as fast as it is filled, which this process's own additions do not show.
    private static readonly TimeSpan s_maxAgeWhenFull = TimeSpan.FromMilliseconds(100);

    private readonly ConcurrentDictionary<string, Estimate> _estimates = new();

    public async ValueTask<bool> IsFullAsync(string kind, CancellationToken cancellationToken)
    {
        var estimate = _estimates.GetOrAdd(kind, _ => new Estimate());
        var age = estimate.CountedAt is { } countedAt ? time.GetElapsedTime(countedAt) : TimeSpan.MaxValue;
        if (age > (estimate.Jobs >= options.Value.MaxDepth ? s_maxAgeWhenFull : s_maxAge))
        {
            // Whoever asks meanwhile takes the old count rather than to count too.
            var askedAt = time.GetTimestamp();
            estimate.CountedAt = askedAt;
            estimate.Jobs = await CountAsync(kind, cancellationToken);
        }

        return estimate.Jobs >= options.Value.MaxDepth;
    }

    public void Count(string kind)
    {
        if (_estimates.TryGetValue(kind, out var estimate))
        {
            estimate.Add();
        }
    }

    private async Task<long> CountAsync(string kind, CancellationToken cancellationToken)
    {
        await using var command = commands.Create(
            "SELECT count(*) FROM (SELECT FROM jobs WHERE kind = $1 LIMIT $2) AS unfinished",
            new NpgsqlParameter { Value = kind },
            new NpgsqlParameter { Value = options.Value.MaxDepth });
        return (long)(await PostgresJobCommands.RunAsync(command.ExecuteScalarAsync, cancellationToken))!;
    }

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
