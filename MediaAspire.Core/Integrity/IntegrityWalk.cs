using MediaAspire.Core.Copies;
using MediaAspire.Core.Ids;
using Microsoft.Extensions.Options;
using Npgsql;

namespace MediaAspire.Core.Integrity;

/// <summary>The walk over all chunks that keeps <see cref="EndangeredChunks"/>, page by page; its position survives the worker.</summary>
public sealed class IntegrityWalk(NpgsqlDataSource database, EndangeredChunks endangered, IOptions<LivenessOptions> options)
{
    // $1 is LivenessOptions.After.
    internal const string Cluster =
        $"(SELECT md5(coalesce(string_agg(s.server_id::text, ',' ORDER BY s.server_id), '')) "
        + $"FROM storage_servers s WHERE {LiveCopies.ServerCounts})";

    /// <summary>Counts the next page of chunks, and starts a walk first if necessary.</summary>
    /// <remarks>
    /// Two workers that do this at once, or a walk that is restarted meanwhile, do no harm: pages may be counted twice, and only
    /// the step whose page follows the position moves it.
    /// </remarks>
    /// <returns>The number of chunks that were counted, and whether the walk ended with them.</returns>
    public async Task<IntegrityStep> StepAsync(int pageSize, CancellationToken cancellationToken)
    {
        var (position, startedAt) = await ReadAsync(cancellationToken);
        var page = await ReadPageAsync(position, pageSize, cancellationToken);
        await endangered.AssessAsync(page, cancellationToken);

        if (page.Count == pageSize)
        {
            await MoveAsync(position, startedAt, page[^1], page.Count, cancellationToken);
            return new IntegrityStep(page.Count, HasEnded: false);
        }

        return new IntegrityStep(page.Count, HasEnded: await EndAsync(position, startedAt, page.Count, cancellationToken));
    }

    /// <summary>Finds out whether other servers are alive than when the last walk started.</summary>
    public async Task<bool> IsOutdatedAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand($"SELECT completed_cluster IS DISTINCT FROM {Cluster} FROM integrity_walk");
        command.Parameters.Add(new() { Value = options.Value.After });
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private async Task<(Guid? Position, DateTime StartedAt)> ReadAsync(CancellationToken cancellationToken)
    {
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(new($"UPDATE integrity_walk SET started_at = now(), seen = 0, cluster = {Cluster} WHERE started_at IS NULL")
        {
            Parameters = { new() { Value = options.Value.After } },
        });
        batch.BatchCommands.Add(new("SELECT position, started_at FROM integrity_walk"));
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return (reader.IsDBNull(0) ? null : reader.GetGuid(0), reader.GetDateTime(1));
    }

    private async Task<List<ChunkId>> ReadPageAsync(Guid? position, int pageSize, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("SELECT chunk_id FROM chunks WHERE chunk_id > $1 ORDER BY chunk_id LIMIT $2");
        command.Parameters.Add(new() { Value = position ?? Guid.Empty });
        command.Parameters.Add(new() { Value = pageSize });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var page = new List<ChunkId>(pageSize);
        while (await reader.ReadAsync(cancellationToken))
        {
            page.Add(new ChunkId(reader.GetGuid(0)));
        }

        return page;
    }

    private async Task MoveAsync(Guid? position, DateTime startedAt, ChunkId last, int seen, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("""
            UPDATE integrity_walk SET position = $3, seen = seen + $4 WHERE position IS NOT DISTINCT FROM $1 AND started_at = $2
            """);
        command.Parameters.Add(new() { Value = (object?)position ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Uuid });
        command.Parameters.Add(new() { Value = startedAt });
        command.Parameters.Add(new() { Value = last.Value });
        command.Parameters.Add(new() { Value = seen });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task<bool> EndAsync(Guid? position, DateTime startedAt, int seen, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("""
            UPDATE integrity_walk
            SET position = NULL, seen = 0, started_at = NULL, cluster = NULL,
                completed_at = now(), completed_started_at = started_at, completed_seen = seen + $3, completed_cluster = cluster
            WHERE position IS NOT DISTINCT FROM $1 AND started_at = $2
            """);
        command.Parameters.Add(new() { Value = (object?)position ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Uuid });
        command.Parameters.Add(new() { Value = startedAt });
        command.Parameters.Add(new() { Value = seen });
        return await command.ExecuteNonQueryAsync(cancellationToken) == 1;
    }
}

/// <param name="Chunks">The number of chunks that were counted.</param>
/// <param name="HasEnded">A value indicating whether the walk ended with them.</param>
public readonly record struct IntegrityStep(int Chunks, bool HasEnded);
