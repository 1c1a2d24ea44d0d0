using MediaAspire.Core.Duties;
using MediaAspire.Core.Ids;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace MediaAspire.Core.NodeAdministration;

/// <summary>An operator's permits to collect more unknown chunks on a server than their share allows.</summary>
public sealed partial class CollectionPermits(NpgsqlDataSource database, ILogger<CollectionPermits> logger)
{
    /// <summary>Permits one pass that collects the unknown chunks that are on record for a server now, and wakes the sweep.</summary>
    /// <remarks>The permit lasts a day. It does not hold when more chunks are unknown by then, or while a restore is open.</remarks>
    /// <returns>The number of chunks; null when none is on record.</returns>
    /// <exception cref="NpgsqlException">The database did not answer.</exception>
    public async Task<long?> GrantAsync(ServerId server, CancellationToken cancellationToken)
    {
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(new("""
            INSERT INTO collection_permits AS p (server_id, chunks)
            SELECT $1, count(*) FROM untracked_chunks WHERE server_id = $1 HAVING count(*) > 0
            ON CONFLICT (server_id) DO UPDATE SET chunks = excluded.chunks, granted_at = now()
            RETURNING chunks
            """)
        {
            Parameters = { new() { Value = server.Value } },
        });
        batch.BatchCommands.Add(DutySignals.Wake(DutyNames.Orphans));
        if (await batch.ExecuteScalarAsync(cancellationToken) is not long chunks)
        {
            return null;
        }

        LogGranted(chunks, server);
        return chunks;
    }

    [LoggerMessage(LogLevel.Warning, "An operator permitted to collect {Chunks} unknown chunks on server {Server}")]
    private partial void LogGranted(long chunks, ServerId server);
}
