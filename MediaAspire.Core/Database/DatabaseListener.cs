using Npgsql;

namespace MediaAspire.Core.Database;

/// <summary>A connection that hears what transactions signal by NOTIFY. Disposing it ends that, and gives the connection back to the pool.</summary>
/// <remarks>Not safe for concurrent use.</remarks>
public sealed class DatabaseListener : IAsyncDisposable
{
    private readonly NpgsqlConnection _connection;

    internal DatabaseListener(NpgsqlConnection connection) => _connection = connection;

    /// <summary>Raised at every signal, while <see cref="WaitAsync"/> waits for it.</summary>
    public event NotificationEventHandler? Notification
    {
        add => _connection.Notification += value;
        remove => _connection.Notification -= value;
    }

    /// <summary>Waits for the next signal.</summary>
    /// <exception cref="NpgsqlException">The connection is lost.</exception>
    public Task WaitAsync(CancellationToken cancellationToken) => _connection.WaitAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        try
        {
            // Whoever gets the connection next would collect signals that nobody reads.
            await using var unlisten = new NpgsqlCommand("UNLISTEN *", _connection);
            await unlisten.ExecuteNonQueryAsync(CancellationToken.None);
        }
        catch (Exception exception) when (exception is NpgsqlException or InvalidOperationException)
        {
            // The connection is broken, and the pool does not take it back.
        }
        finally
        {
            await _connection.DisposeAsync();
        }
    }
}
