using MediaAspire.Core.Cluster;
using MediaAspire.Core.Ids;
using Npgsql;

namespace MediaAspire.Worker.Sweeping;

internal static class IdReading
{
    /// <summary>Reads the ids in the first column.</summary>
    public static async Task<List<Guid>> ReadIdsAsync(this NpgsqlCommand command, CancellationToken cancellationToken)
    {
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var ids = new List<Guid>();
        while (await reader.ReadAsync(cancellationToken))
        {
            ids.Add(reader.GetGuid(0));
        }

        return ids;
    }

    /// <summary>Reads the chunks of a decision, and the mark at which it was made from the next two columns.</summary>
    public static async Task<(IReadOnlyList<ChunkId> Chunks, HeartbeatMark DecidedAt)> ReadDecisionAsync(
        this NpgsqlCommand command, CancellationToken cancellationToken)
    {
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadDecisionAsync(cancellationToken);
    }

    /// <inheritdoc cref="ReadDecisionAsync(NpgsqlCommand, CancellationToken)"/>
    public static async Task<(IReadOnlyList<ChunkId> Chunks, HeartbeatMark DecidedAt)> ReadDecisionAsync(
        this NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        var chunks = new List<ChunkId>();
        var decidedAt = default(HeartbeatMark);
        while (await reader.ReadAsync(cancellationToken))
        {
            chunks.Add(new ChunkId(reader.GetGuid(0)));
            decidedAt = new HeartbeatMark(reader.GetInt64(1), reader.GetInt64(2));
        }

        return (chunks, decidedAt);
    }
}
