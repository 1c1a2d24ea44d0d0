using MediaAspire.Core.Chunks;
using MediaAspire.Core.Cluster;
using MediaAspire.Core.Duties;
using MediaAspire.Core.Ids;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace MediaAspire.Core.Copies;

/// <summary>
/// Has servers read copies back, and records those that are damaged or missing. Nothing else judges a stored copy that is read.
/// </summary>
/// <remarks>Thread-safe.</remarks>
public sealed partial class CopyAuditor(
    NpgsqlDataSource database,
    ChunkNodeClients nodes,
    EndangeredChunks endangered,
    IOptions<ClusterOptions> cluster,
    ILogger<CopyAuditor> logger)
{
    /// <summary>
    /// Has a copy read back in full. A damaged or missing copy becomes <c>corrupt</c> or <c>missing</c>, and repair is woken.
    /// </summary>
    /// <param name="chunk">The chunk.</param>
    /// <param name="server">The server that should hold the copy.</param>
    /// <param name="address">The address of that server.</param>
    /// <param name="pace">The rate at which the server may read.</param>
    /// <param name="cancellationToken">Ends the call; the copy keeps its status.</param>
    /// <exception cref="NpgsqlException">The database did not answer, so nothing was recorded.</exception>
    public async Task<CopyVerdict> AuditAsync(
        ChunkId chunk, ServerId server, Uri address, VerificationPace pace, CancellationToken cancellationToken)
    {
        try
        {
            var found = await nodes.Get(address).VerifyAsync(chunk, pace, cancellationToken);
            return found.IsIntact
                ? CopyVerdict.Intact
                : await CondemnAsync(chunk, server, address, CopyVerdict.Corrupt, found.Reason, cancellationToken);
        }
        catch (ChunkNodeException failure) when (failure.Error == ChunkNodeError.NotFound)
        {
            return await CondemnAsync(chunk, server, address, CopyVerdict.Missing, failure.Message, cancellationToken);
        }
        catch (ChunkNodeException failure)
        {
            LogNotAudited(chunk, server, failure.Message);
            return failure.IsNodeFault ? CopyVerdict.Unreachable : CopyVerdict.Undecided;
        }
    }

    private async Task<CopyVerdict> CondemnAsync(
        ChunkId chunk, ServerId server, Uri address, CopyVerdict verdict, string reason, CancellationToken cancellationToken)
    {
        var status = verdict == CopyVerdict.Missing ? CopyStatus.Missing : CopyStatus.Corrupt;
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(CopyTransitions.MarkDamaged(chunk, server, status, address, cluster.Value.OfflineAfter));
        batch.BatchCommands.Add(endangered.Assess([chunk.Value]));
        batch.BatchCommands.Add(DutySignals.Wake(DutyNames.Repair));
        batch.BatchCommands.Add(DutySignals.Wake(DutyNames.Integrity));
        await batch.ExecuteNonQueryAsync(cancellationToken);

        if (batch.BatchCommands[0].RecordsAffected == 0)
        {
            return await IsStoredAsync(chunk, server, cancellationToken) ? CopyVerdict.Undecided : CopyVerdict.Settled;
        }

        LogCondemned(chunk, server, verdict, reason);
        return verdict;
    }

    private async Task<bool> IsStoredAsync(ChunkId chunk, ServerId server, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            "SELECT FROM chunk_replicas WHERE chunk_id = $1 AND server_id = $2 AND status = 'stored'");
        command.Parameters.Add(new() { Value = chunk.Value });
        command.Parameters.Add(new() { Value = server.Value });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken);
    }

    [LoggerMessage(LogLevel.Warning, "The copy of chunk {ChunkId} on server {ServerId} is {Verdict}: {Reason}")]
    private partial void LogCondemned(ChunkId chunkId, ServerId serverId, CopyVerdict verdict, string reason);

    [LoggerMessage(LogLevel.Debug, "The copy of chunk {ChunkId} on server {ServerId} could not be verified: {Reason}")]
    private partial void LogNotAudited(ChunkId chunkId, ServerId serverId, string reason);
}
