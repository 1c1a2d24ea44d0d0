using System.Data.Common;
using MediaAspire.Core.Duties;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace MediaAspire.Core.Copies;

/// <summary>
/// Holds a duty's copies to a rate, those of all workers together: it spaces their starts, and sets the rate at which each node pulls.
/// </summary>
/// <remarks>
/// Chunks smaller than a run would escape the nodes' pacing, and large ones the spacing of the starts, so both are done. A copy starts
/// when those before it, of any worker, have had their time at the whole rate: PostgreSQL keeps the account, by its own clock.
/// So over any time no more bytes are begun with than the rate allows and one chunk. A copy then pulls at the worker's share of the rate;
/// one that is alone has it all. Unused time is not saved up.
/// </remarks>
/// <param name="database">The database that keeps the account.</param>
/// <param name="duty">A name of <see cref="DutyNames"/>; those who share it share the rate.</param>
/// <param name="bytesPerSecond">Most bytes a second; 0 for no limit, and then PostgreSQL is not asked.</param>
/// <param name="time">The clock that waits are measured by.</param>
/// <param name="logger">Receives the failures to release unused time.</param>
public sealed partial class CopyThrottle(NpgsqlDataSource database, string duty, long bytesPerSecond, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan s_cleanUpLimit = TimeSpan.FromSeconds(5);

    private int _running;

    /// <summary>Waits until a copy may start. The caller settles the permit with the result, and disposes it in any case.</summary>
    /// <param name="bytes">Its bytes.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="NpgsqlException">The database did not answer.</exception>
    public async Task<CopyPermit> BeginAsync(long bytes, CancellationToken cancellationToken)
    {
        if (bytesPerSecond == 0)
        {
            return new CopyPermit(0, _ => ValueTask.CompletedTask);
        }

        var wait = await ReserveAsync(bytes, cancellationToken);
        try
        {
            if (wait > TimeSpan.Zero)
            {
                await Task.Delay(wait, time, cancellationToken);
            }
        }
        catch (OperationCanceledException)
        {
            await ReturnAsync(bytes);
            throw;
        }

        var rate = Math.Max(1, bytesPerSecond / Interlocked.Increment(ref _running));
        var startedAt = time.GetTimestamp();
        return new CopyPermit(rate, result => EndAsync(bytes, rate, startedAt, result));
    }

    private async ValueTask EndAsync(long bytes, long rate, long startedAt, CopyResult? result)
    {
        Interlocked.Decrement(ref _running);
        var unused = result?.Outcome switch
        {
            // Aborted: the share that was not pulled yet is free for others.
            null => bytes - (time.GetElapsedTime(startedAt).TotalSeconds * rate),
            CopyOutcome.Busy or CopyOutcome.AlreadyStored or CopyOutcome.Unfit or CopyOutcome.NoSource => bytes,
            _ => 0,
        };
        if (unused > 0)
        {
            await ReturnAsync(unused);
        }
    }

    /// <summary>Adds bytes to the account, and computes the time that those before them take.</summary>
    private async Task<TimeSpan> ReserveAsync(long bytes, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("""
            INSERT INTO copy_rates AS r (duty, owed, as_of) VALUES ($1, $2, clock_timestamp())
            ON CONFLICT (duty) DO UPDATE
            SET owed = greatest(0, r.owed - $3 * extract(epoch FROM clock_timestamp() - r.as_of)) + $2, as_of = clock_timestamp()
            RETURNING owed - $2
            """);
        command.Parameters.Add(new() { Value = duty });
        command.Parameters.Add(new() { Value = (double)bytes });
        command.Parameters.Add(new() { Value = (double)bytesPerSecond });
        var before = (double)(await command.ExecuteScalarAsync(cancellationToken))!;

        // A timer cannot wait longer than some seven weeks.
        return TimeSpan.FromSeconds(Math.Min(before / bytesPerSecond, TimeSpan.FromDays(40).TotalSeconds));
    }

    private async Task ReturnAsync(double bytes)
    {
        using var limit = new CancellationTokenSource(s_cleanUpLimit, time);
        try
        {
            await using var command = database.CreateCommand("UPDATE copy_rates SET owed = greatest(0, owed - $2) WHERE duty = $1");
            command.Parameters.Add(new() { Value = duty });
            command.Parameters.Add(new() { Value = bytes });
            await command.ExecuteNonQueryAsync(limit.Token);
        }
        catch (Exception exception) when (exception is DbException or TimeoutException or IOException or OperationCanceledException)
        {
            LogNotReturned(duty, bytes / bytesPerSecond, exception.Message);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Duty {Duty} loses {Seconds} s of its rate: a copy was aborted, and recording that failed: {Reason}")]
    private partial void LogNotReturned(string duty, double seconds, string reason);
}

/// <summary>The right to make one copy now.</summary>
/// <param name="bytesPerSecond">Bytes a second that it may take; 0 for no limit.</param>
/// <param name="end">Receives the result; null for a copy without one.</param>
public sealed class CopyPermit(long bytesPerSecond, Func<CopyResult?, ValueTask> end) : IAsyncDisposable
{
    private CopyResult? _result;

    /// <summary>Bytes a second that the copy may take; 0 for no limit.</summary>
    public long BytesPerSecond => bytesPerSecond;

    /// <summary>Records the outcome of the copy. An aborted copy returns the rest of its time.</summary>
    public void Settle(CopyResult result) => _result = result;

    public ValueTask DisposeAsync() => end(_result);
}
