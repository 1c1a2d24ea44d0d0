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

    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(5);

    private readonly Lock _lock = new();
    private bool _isRinging;
    private bool _again;

    /// <summary>Returns at once; the signal follows.</summary>
    public void Ring()
    {
        lock (_lock)
        {
            if (_isRinging)
            {
                _again = true;
                return;
            }

            _isRinging = true;
        }

        _ = Task.Run(RingUntilQuietAsync);
    }

    /// <summary>Calls <paramref name="ring"/> once it listens, and at every signal.</summary>
    public async Task ListenAsync(Action ring, CancellationToken cancellationToken)
    {
        await PostgresJobCommands.RunAsync<bool>(
            async token =>
            {
                await using var connection = await database.OpenConnectionAsync(token);
                connection.Notification += (_, _) => ring();
                await using (var listen = new NpgsqlCommand($"LISTEN {Channel}", connection))
                {
                    await listen.ExecuteNonQueryAsync(token);
                }

                // What was signalled while nobody listened.
                ring();
                while (true)
                {
                    await connection.WaitAsync(token);
                }
            },
            cancellationToken);
    }

    private async Task RingUntilQuietAsync()
    {
        do
        {
            try
            {
                await using var notify = commands.CreateWithoutFsync(new NpgsqlBatchCommand($"NOTIFY {Channel}"));
                await notify.ExecuteNonQueryAsync(CancellationToken.None);
            }
            catch (Exception exception) when (exception is NpgsqlException or TimeoutException or IOException or ObjectDisposedException)
            {
                LogMute(exception.Message);
            }

            await Task.Delay(s_pause, time, CancellationToken.None);
        }
        while (RingsAgain());
    }

    private bool RingsAgain()
    {
        lock (_lock)
        {
            _isRinging = _again;
            _again = false;
            return _isRinging;
        }
    }

    [LoggerMessage(LogLevel.Debug, "Cannot signal to workers that jobs are due ({Reason}); they find them when they poll")]
    private partial void LogMute(string reason);
}
