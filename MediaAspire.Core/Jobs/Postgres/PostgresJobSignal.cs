using MediaAspire.Core.Database;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace MediaAspire.Core.Jobs.Postgres;

/// <summary>Signals to waiting workers by NOTIFY that jobs are due.</summary>
/// <remarks>
/// PostgreSQL commits transactions that notify one after the other, each with an fsync of its own. So enqueueing itself does not notify:
/// one small transaction does for all jobs enqueued since the last one. If it is lost, workers find the jobs when they poll.
/// </remarks>
internal sealed partial class PostgresJobSignal(
    PostgresJobCommands commands, DatabaseListener listener, TimeProvider time, ILogger<PostgresJobSignal> logger)
{
    public const string Channel = "jobs_due";
    public const string AnyKind = "";

    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(5);

    private readonly Lock _lock = new();
    private HashSet<string> _next = [];
    private bool _isSending;

    /// <summary>Returns at once; the signal follows.</summary>
    /// <param name="kind">The kind of which a job is due, or <see cref="AnyKind"/>.</param>
    public void Send(string kind)
    {
        lock (_lock)
        {
            _next.Add(kind);
            if (_isSending)
            {
                return;
            }

            _isSending = true;
        }

        _ = Task.Run(SendUntilQuietAsync);
    }

    /// <summary>
    /// Calls <paramref name="receive"/> with the kind that each signal names, and with null for any kind, until cancelled.
    /// </summary>
    public async Task ListenAsync(Action<string?> receive, CancellationToken cancellationToken)
    {
        using var subscription = listener.Subscribe(Channel, kind => receive(kind == AnyKind ? null : kind));
        await Task.Delay(Timeout.InfiniteTimeSpan, time, cancellationToken);
    }

    private async Task SendUntilQuietAsync()
    {
        while (TakeKinds() is { } kinds)
        {
            try
            {
                await using var notify = commands.CreateWithoutFsync(new NpgsqlBatchCommand(
                    "SELECT pg_notify($1, kind) FROM unnest($2) AS kind")
                {
                    Parameters = { new() { Value = Channel }, new() { Value = kinds } },
                });
                await notify.ExecuteNonQueryAsync(CancellationToken.None);
            }
            catch (Exception exception) when (exception is NpgsqlException or TimeoutException or IOException or ObjectDisposedException)
            {
                LogNotSent(exception.Message);
            }

            await Task.Delay(s_pause, time, CancellationToken.None);
        }
    }

    /// <returns>The kinds to name; null when no kind was added since, and the sending ends.</returns>
    private string[]? TakeKinds()
    {
        lock (_lock)
        {
            _isSending = _next.Count > 0;
            if (!_isSending)
            {
                return null;
            }

            string[] kinds = [.. _next];
            _next = [];
            return kinds;
        }
    }

    [LoggerMessage(LogLevel.Debug, "Signalling due jobs to workers failed: {Reason}. Workers find them when they poll")]
    private partial void LogNotSent(string reason);
}
