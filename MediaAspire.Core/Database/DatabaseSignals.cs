using Npgsql;

namespace MediaAspire.Core.Database;

/// <summary>Hears what transactions signal by NOTIFY.</summary>
public static class DatabaseSignals
{
    /// <summary>Takes a connection that hears a channel for as long as it is waited on, and until it is disposed.</summary>
    /// <remarks>What was signalled before is not heard: whoever listens looks once afterwards.</remarks>
    /// <param name="database">The database.</param>
    /// <param name="channel">The channel, a name in lower case.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <exception cref="NpgsqlException">The database cannot be reached.</exception>
    public static async Task<DatabaseListener> ListenAsync(this NpgsqlDataSource database, string channel, CancellationToken cancellationToken)
    {
        var connection = await database.OpenConnectionAsync(cancellationToken);
        try
        {
            await using var listen = new NpgsqlCommand($"LISTEN {channel}", connection);
            await listen.ExecuteNonQueryAsync(cancellationToken);
            return new(connection);
        }
        catch (Exception)
        {
            await connection.DisposeAsync();
            throw;
        }
    }
}
