using MediaAspire.Core.Ids;
using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;

namespace MediaAspire.Core.Copies;

/// <summary>The chunks of complete files that have fewer live copies than they should; repair takes its work from them.</summary>
/// <remarks>
/// The table is a list of findings, not the truth: code that acts on a row counts the copies again first. A new row wakes repair.
/// </remarks>
public sealed class EndangeredChunks(NpgsqlDataSource database, IOptions<LivenessOptions> options)
{
    /// <summary>Counts the live copies of some chunks and puts them on the list, or takes them off it. Idempotent.</summary>
    /// <param name="chunks">The chunks; a few thousand at most.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task AssessAsync(IReadOnlyCollection<ChunkId> chunks, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(chunks);
        if (chunks.Count == 0)
        {
            return;
        }

        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(Assess([.. chunks.Select(chunk => chunk.Value)]));
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Makes the command of <see cref="AssessAsync"/>, for a transaction that changes copies itself.</summary>
    public NpgsqlBatchCommand Assess(Guid[] chunks) =>
        new($"""
            WITH counted AS (
                SELECT c.chunk_id, {LiveCopies.OfChunk} AS live, f.copies AS wanted, c.chunk_size AS bytes
                FROM chunks c JOIN files f USING (file_id)
                WHERE c.chunk_id = ANY ($2) AND f.upload_status = 'completed'
            ), healed AS (
                DELETE FROM endangered_chunks e
                WHERE e.chunk_id = ANY ($2) AND NOT EXISTS (SELECT FROM counted n WHERE n.chunk_id = e.chunk_id AND n.live < n.wanted)
            )
            INSERT INTO endangered_chunks AS e (chunk_id, live, wanted, bytes)
            SELECT chunk_id, live, wanted, bytes FROM counted WHERE live < wanted ORDER BY chunk_id
            ON CONFLICT (chunk_id) DO UPDATE SET live = excluded.live, wanted = excluded.wanted
            WHERE (e.live, e.wanted) <> (excluded.live, excluded.wanted)
            """)
        {
            Parameters =
            {
                new() { Value = options.Value.After },
                new() { Value = chunks, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid },
            },
        };
}
