using System.Runtime.CompilerServices;
using MediaAspire.Core.Cluster;
using MediaAspire.Core.Copies;
using MediaAspire.Core.Ids;
using Microsoft.Extensions.Options;
using Npgsql;

namespace MediaAspire.Core.Rebalancing;

/// <summary>Plans the moves of copies. Nothing moves before the plan is started.</summary>
/// <remarks>Memory does not grow with the number of chunks: they are read, decided on and recorded page by page.</remarks>
public sealed class RebalancePlanner(
    NpgsqlDataSource database, RebalanceStore store, ClusterView cluster, IOptions<RebalancingOptions> options)
{
    private const int PageSize = 1000;

    // Summing up all copies of a large cluster takes longer than a request usually may.
    private const int LoadTimeoutSeconds = 600;

    /// <summary>Plans a rebalance.</summary>
    /// <param name="reason">A name of <see cref="RebalanceReason"/>.</param>
    /// <param name="server">The server that joined or is to be drained; null for neither.</param>
    /// <param name="cancellationToken">Ends the planning; what was planned by then can't be started.</param>
    /// <returns>The plan, in the state <see cref="RebalanceState.Planned"/>.</returns>
    public async Task<Rebalance> PlanAsync(string reason, ServerId? server, CancellationToken cancellationToken)
    {
        var snapshot = await cluster.RefreshAsync(cancellationToken);
        var rate = options.Value.MaxBytesPerSecond;
        var id = await store.CreateAsync(reason, server, rate > 0 ? rate : null, cancellationToken);
        var drained = reason == RebalanceReason.Drain ? server : null;
        var rule = new RebalanceRule(snapshot, await ReadLoadsAsync(cancellationToken), drained);

        await foreach (var page in drained is { } from ? PagesOfAsync(from, cancellationToken) : PagesAsync(cancellationToken))
        {
            var moves = page.Select(rule.Plan).OfType<RebalanceMove>().ToList();
            await store.AddMovesAsync(id, moves, cancellationToken);
        }

        return await store.FinishPlanAsync(id, [.. rule.Shares], cancellationToken);
    }

    private async Task<List<(ServerId Server, long Copies, long Bytes)>> ReadLoadsAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("""
            SELECT r.server_id, count(*), coalesce(sum(c.chunk_size), 0)::bigint
            FROM chunk_replicas r JOIN chunks c USING (chunk_id) WHERE r.status = 'stored' GROUP BY r.server_id
            """);
        command.CommandTimeout = LoadTimeoutSeconds;
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var loads = new List<(ServerId, long, long)>();
        while (await reader.ReadAsync(cancellationToken))
        {
            loads.Add((new ServerId(reader.GetGuid(0)), reader.GetInt64(1), reader.GetInt64(2)));
        }

        return loads;
    }

    /// <summary>Reads every chunk, file by file.</summary>
    private async IAsyncEnumerable<List<ChunkCopies>> PagesAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (file, number) = (Guid.Empty, -1);
        while (true)
        {
            var (page, last) = await ReadPageAsync(
                """
                SELECT chunk_id, file_id, chunk_number, chunk_size FROM chunks
                WHERE (file_id, chunk_number) > ($1, $2) ORDER BY file_id, chunk_number LIMIT $3
                """,
                [new() { Value = file }, new() { Value = number }, new() { Value = PageSize }],
                cancellationToken);
            yield return page;
            if (last is null)
            {
                yield break;
            }

            (file, number) = (last.File.Value, last.Number);
        }
    }

    /// <summary>Reads every chunk of which a server has a readable copy.</summary>
    private async IAsyncEnumerable<List<ChunkCopies>> PagesOfAsync(
        ServerId server, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var chunk = Guid.Empty;
        while (true)
        {
            var (page, last) = await ReadPageAsync(
                """
                SELECT c.chunk_id, c.file_id, c.chunk_number, c.chunk_size FROM chunk_replicas r JOIN chunks c USING (chunk_id)
                WHERE r.server_id = $1 AND r.chunk_id > $2 AND r.status = 'stored' ORDER BY r.chunk_id LIMIT $3
                """,
                [new() { Value = server.Value }, new() { Value = chunk }, new() { Value = PageSize }],
                cancellationToken);
            yield return page;
            if (last is null)
            {
                yield break;
            }

            chunk = last.Chunk.Value;
        }
    }

    /// <returns>The chunks of complete files among a page, and the last chunk of a full page, of any file.</returns>
    private async Task<(List<ChunkCopies> Page, ChunkCopies? Last)> ReadPageAsync(
        string page, NpgsqlParameter[] parameters, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand($"""
            WITH page AS MATERIALIZED (SELECT *, row_number() OVER () AS place FROM ({page}) p)
            SELECT p.chunk_id, p.file_id, p.chunk_number, coalesce(p.chunk_size, 0), f.copies, f.upload_status = 'completed',
                   (SELECT count(*) FROM chunks o WHERE o.file_id = p.file_id)::int,
                   array_agg(r.server_id) FILTER (WHERE r.server_id IS NOT NULL), array_agg(r.status) FILTER (WHERE r.server_id IS NOT NULL)
            FROM page p JOIN files f USING (file_id) LEFT JOIN chunk_replicas r USING (chunk_id)
            GROUP BY p.place, p.chunk_id, p.file_id, p.chunk_number, p.chunk_size, f.copies, f.upload_status
            ORDER BY p.place
            """);
        command.Parameters.AddRange(parameters);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var chunks = new List<ChunkCopies>();
        ChunkCopies? last = null;
        var rows = 0;
        while (await reader.ReadAsync(cancellationToken))
        {
            rows++;
            last = ReadChunk(reader);
            if (reader.GetBoolean(5))
            {
                chunks.Add(last);
            }
        }

        return (chunks, rows == PageSize ? last : null);
    }

    private static ChunkCopies ReadChunk(NpgsqlDataReader reader)
    {
        var servers = reader.IsDBNull(7) ? [] : reader.GetFieldValue<Guid[]>(7);
        var states = reader.IsDBNull(8) ? [] : reader.GetFieldValue<string[]>(8);
        return new(
            new ChunkId(reader.GetGuid(0)),
            new FileId(reader.GetGuid(1)),
            reader.GetInt32(2),
            reader.GetInt32(6),
            reader.GetInt64(3),
            reader.GetInt32(4),
            [.. servers.Zip(states, (server, state) => new ChunkCopyState(new ServerId(server), state, IsServerLive: true))]);
    }
}
