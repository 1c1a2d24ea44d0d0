using System.Data;
using Npgsql;

namespace MediaAspire.Core.Database;

/// <summary>One connection of a <see cref="DatabaseListener"/>, from its opening to its loss or the listener's end.</summary>
/// <remarks>
/// No wait is ended by cancelling it. Npgsql 10.0.3 loses a cancellation that comes within microseconds of the wait's start, and then the
/// wait never ends (npgsql/npgsql#5975). The token's callback changes the read's time-out and cancels its token on another thread, and the
/// wait resets both. A wait's own time-out is set by the thread that waits, and no other thread changes it. To be simplified when
/// npgsql/npgsql#5976 is released.
/// </remarks>
internal sealed class ListeningConnection(NpgsqlDataSource database, DatabaseListener listener, int? stuckBackend, CancellationToken ended)
{
    private const int CommandTimeoutSeconds = 5;

    private readonly List<NpgsqlNotificationEventArgs> _signals = [];
    private readonly HashSet<SignalSubscription> _known = [];
    private int _looks;

    /// <summary>Gets how often the connection has looked for signals.</summary>
    public int Looks => Volatile.Read(ref _looks);

    /// <summary>Gets the id of the server's process that serves the connection; null until it listens.</summary>
    public int? Backend { get; private set; }

    /// <summary>Passes signals on until the listener ends.</summary>
    /// <exception cref="NpgsqlException">The database cannot be reached, or the connection is lost.</exception>
    public async Task RunAsync()
    {
        await using var connection = await database.OpenConnectionAsync(CancellationToken.None);
        connection.Notification += (_, signal) => _signals.Add(signal);
        Backend = connection.ProcessID;
        try
        {
            if (stuckBackend is { } backend)
            {
                await TerminateAsync(connection, backend);
            }

            while (!ended.IsCancellationRequested)
            {
                await ListenForNewSubscribersAsync(connection);
                await listener.Wait(connection, listener.WaitLimit);

                // A wait that times out within a message reports that as any other time-out, though it has closed the connection.
                if (connection.State != ConnectionState.Open)
                {
                    throw new NpgsqlException("The connection was closed while a signal was being read.");
                }

                PassOn();
            }
        }
        finally
        {
            if (connection.State == ConnectionState.Open)
            {
                // The pool does not reset connections: the next user would collect signals and never read them.
                await ExecuteAsync(connection, "UNLISTEN *");
            }
        }
    }

    private async Task ListenForNewSubscribersAsync(NpgsqlConnection connection)
    {
        var added = listener.Subscriptions.Where(subscription => !_known.Contains(subscription)).ToList();
        var channels = added.Select(subscription => subscription.Channel)
            .Except(_known.Select(subscription => subscription.Channel)).ToList();
        if (channels.Count > 0)
        {
            await ExecuteAsync(connection, string.Join(';', channels.Select(channel => $"LISTEN {channel}")));
            listener.RecordListening(string.Join(", ", channels), connection.ProcessID);
        }

        foreach (var subscription in added)
        {
            _known.Add(subscription);
            subscription.Receive(null);
        }
    }

    private void PassOn()
    {
        if (ended.IsCancellationRequested)
        {
            return;
        }

        Interlocked.Increment(ref _looks);
        listener.RecordLook();
        foreach (var signal in _signals)
        {
            foreach (var subscription in listener.Subscriptions.Where(subscription => subscription.Channel == signal.Channel))
            {
                subscription.Receive(signal.Payload);
            }
        }

        _signals.Clear();
    }

    // Ends the read of the connection that hung, which would otherwise keep its place in the pool. The statement guards against
    // a process id that the server has given to another connection since.
    private static async Task TerminateAsync(NpgsqlConnection connection, int backend)
    {
        await using var terminate = new NpgsqlCommand(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid = $1 AND query LIKE 'LISTEN %'", connection)
        {
            CommandTimeout = CommandTimeoutSeconds,
            Parameters = { new() { Value = backend } },
        };
        await terminate.ExecuteNonQueryAsync(CancellationToken.None);
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = CommandTimeoutSeconds };
        await command.ExecuteNonQueryAsync(CancellationToken.None);
    }
}
