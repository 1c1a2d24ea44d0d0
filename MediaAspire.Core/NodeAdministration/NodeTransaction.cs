using MediaAspire.Core.Cluster;
using MediaAspire.Core.Duties;
using MediaAspire.Core.Ids;
using Npgsql;

namespace MediaAspire.Core.NodeAdministration;

/// <summary>A transaction that holds one server's row. Disposing it before it is committed changes nothing.</summary>
/// <remarks>
/// The lock keeps heartbeats and other operators out, and waits for uploads that are recording a copy on this server: a foreign key
/// shares the row with them.
/// </remarks>
internal sealed class NodeTransaction : IAsyncDisposable
{
    private readonly NpgsqlConnection _connection;
    private readonly NpgsqlTransaction _transaction;
    private readonly ServerId _server;
    private readonly NpgsqlBatch _changes;

    private NodeTransaction(NpgsqlConnection connection, NpgsqlTransaction transaction, ServerId server)
    {
        _connection = connection;
        _transaction = transaction;
        _server = server;
        _changes = new NpgsqlBatch(connection, transaction);
    }

    /// <summary>Gets the server's recorded status; null when the server does not exist.</summary>
    public ServerStatus? Status { get; private set; }

    /// <summary>
    /// Gets a value indicating whether the server has reported recently, by the database's clock, and has not signed off since.
    /// </summary>
    public bool IsReporting { get; private set; }

    public static async Task<NodeTransaction> BeginAsync(
        NpgsqlDataSource database, ServerId server, TimeSpan offlineAfter, CancellationToken cancellationToken)
    {
        var connection = await database.OpenConnectionAsync(cancellationToken);
        var change = new NodeTransaction(connection, await connection.BeginTransactionAsync(cancellationToken), server);
        try
        {
            await change.LockAsync(offlineAfter, cancellationToken);
            return change;
        }
        catch
        {
            await change.DisposeAsync();
            throw;
        }
    }

    /// <summary>Adds a statement to run when the change is committed.</summary>
    public void Add(NpgsqlBatchCommand statement) => _changes.BatchCommands.Add(statement);

    public async Task<NpgsqlDataReader> ReadAsync(string sql, Guid id, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, _connection, _transaction) { Parameters = { new() { Value = id } } };
        return await command.ExecuteReaderAsync(cancellationToken);
    }

    /// <summary>Runs the statements, sets the status, notifies the cluster, wakes the duties, and commits.</summary>
    public async Task CommitAsync(ServerStatus status, IEnumerable<string> duties, CancellationToken cancellationToken)
    {
        _changes.BatchCommands.Add(new("UPDATE storage_servers SET status = $2 WHERE server_id = $1")
        {
            Parameters = { new() { Value = _server.Value }, new() { Value = status.ToText() } },
        });
        _changes.BatchCommands.Add(new("SELECT pg_notify($1, $2)")
        {
            Parameters = { new() { Value = NodeRegistry.Channel }, new() { Value = _server.ToString() } },
        });
        foreach (var duty in duties)
        {
            _changes.BatchCommands.Add(DutySignals.Wake(duty));
        }

        await _changes.ExecuteNonQueryAsync(cancellationToken);
        await _transaction.CommitAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _changes.DisposeAsync();
        await _transaction.DisposeAsync();
        await _connection.DisposeAsync();
    }

    private async Task LockAsync(TimeSpan offlineAfter, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            $"SELECT status, status <> 'offline' AND {NodeRegistry.LastContact} >= now() - $2 "
            + "FROM storage_servers WHERE server_id = $1 FOR UPDATE",
            _connection,
            _transaction);
        command.Parameters.Add(new() { Value = _server.Value });
        command.Parameters.Add(new() { Value = offlineAfter });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        if (await reader.ReadAsync(cancellationToken))
        {
            Status = Enum.Parse<ServerStatus>(reader.GetString(0), ignoreCase: true);
            IsReporting = reader.GetBoolean(1);
        }
    }
}
