using MediaAspire.Core.Database;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace MediaAspire.Core.Jobs.Postgres;

/// <summary>Tells waiting workers that there is something to do, by NOTIFY.</summary>
/// <remarks>
/// PostgreSQL commits transactions that notify one after the other, each with an fsync of its own. So enqueueing itself does not notify: one
/// small transaction does for all jobs enqueued since the last one. If it is lost, workers find the jobs when they poll.
/// </remarks>
internal sealed partial class PostgresJobBell(
    PostgresJobCommands commands, NpgsqlDataSource database, TimeProvider time, ILogger<PostgresJobBell> logger)
{
    public const string Channel = "jobs_due";
    public const string AnyKind = "";

    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(5);

    private readonly Lock _lock = new();
    private HashSet<string> _next = [];
    private bool _isRinging;

    /// <summary>Returns at once; the signal follows.</summary>
    /// <param name="kind">The kind of which a job is due, or <see cref="AnyKind"/>.</param>
    public void Ring(string kind)
    {
        lock (_lock)
        {
            _next.Add(kind);
            if (_isRinging)
            {
                return;
            }

            _isRinging = true;
        }

        _ = Task.Run(RingUntilQuietAsync);
    }

    /// <summary>Calls <paramref name="ring"/> with null once it listens, and at every signal with the kind that it names.</summary>
    public async Task ListenAsync(Action<string?> ring, CancellationToken cancellationToken)
    {
        await PostgresJobCommands.RunAsync<bool>(
            async token =>
            {
                await using var listener = await database.ListenAsync(Channel, token);
                listener.Notification += (_, signal) => ring(signal.Payload == AnyKind ? null : signal.Payload);

                // What was signalled while nobody listened.
                ring(null);
                while (true)
                {
                    await listener.WaitAsync(token);
                }
            },
            cancellationToken);
    }

    private async Task RingUntilQuietAsync()
    {
        while (TakeKinds() is { } kinds)
        {
            try
            {
                await using var notify = commands.CreateWithoutFsync(new NpgsqlBatchCommand("SELECT pg_notify($1, kind) FROM unnest($2) AS kind")
                {
                    Parameters = { new() { Value = Channel }, new() { Value = kinds } },
                });
                await notify.ExecuteNonQueryAsync(CancellationToken.None);
            }
            catch (Exception exception) when (exception is NpgsqlException or TimeoutException or IOException or ObjectDisposedException)
            {
                LogMute(exception.Message);
            }

            await Task.Delay(s_pause, time, CancellationToken.None);
        }
    }

    /// <returns>The kinds to name; null when nobody has rung since, and the ringing ends.</returns>
    private string[]? TakeKinds()
    {
        lock (_lock)
        {
            _isRinging = _next.Count > 0;
            if (!_isRinging)
            {
                return null;
            }

            string[] kinds = [.. _next];
            _next = [];
            return kinds;
        }
    }

    [LoggerMessage(LogLevel.Debug, "Cannot signal to workers that jobs are due ({Reason}); they find them when they poll")]
    private partial void LogMute(string reason);
}
