using Npgsql;

namespace MediaAspire.Core.Tags;

/// <summary>Keeps the counters of tags small and right.</summary>
public sealed class TagCounter(NpgsqlDataSource database)
{
    /// <summary>Folds changes into the counters, in one transaction; readers see the same sums before and after it.</summary>
    /// <param name="limit">The most changes.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The number of changes that were folded.</returns>
    public async Task<long> FoldAsync(int limit, CancellationToken cancellationToken)
    {
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(new(
            """
            WITH taken AS (
                DELETE FROM tag_deltas WHERE ctid = ANY (ARRAY (SELECT ctid FROM tag_deltas LIMIT $1 FOR UPDATE SKIP LOCKED))
                RETURNING owner, tag, items
            ), folded AS (
                INSERT INTO tag_usage (owner, tag, items)
                SELECT owner, tag, sum(items) FROM (
                    SELECT owner, tag, items FROM taken UNION ALL SELECT '', tag, items FROM taken) AS t
                GROUP BY owner, tag ORDER BY owner, tag
                ON CONFLICT (owner, tag) DO UPDATE SET items = tag_usage.items + EXCLUDED.items
                RETURNING owner
            )
            SELECT (SELECT count(*) FROM taken), (SELECT count(*) FROM folded)
            """)
        {
            Parameters = { new() { Value = limit } },
        });
        batch.BatchCommands.Add(new("DELETE FROM tag_usage WHERE items = 0"));
        return (long)(await batch.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>Compares the counters with a full count of one moment, and corrects them.</summary>
    /// <returns>The number of wrong counters: 0, unless there is an error in the platform or a change of its tables by hand.</returns>
    /// <remarks>It reads every item.</remarks>
    public async Task<long> AuditAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            WITH counted AS (
                SELECT m.owner, t.tag, count(*) AS items FROM media m CROSS JOIN LATERAL unnest(m.tags) AS t (tag)
                WHERE m.removed_at IS NULL AND NOT m.is_unlisted GROUP BY m.owner, t.tag
            ), kept AS (
                SELECT owner, tag, items FROM tag_usage WHERE owner <> '' UNION ALL SELECT owner, tag, items FROM tag_deltas
            ), wrong AS (
                SELECT owner, tag, sum(items) AS items FROM (
                    SELECT owner, tag, items FROM counted UNION ALL SELECT owner, tag, -items FROM kept) AS d
                GROUP BY owner, tag HAVING sum(items) <> 0
            ), all_owners AS (
                SELECT tag, sum(items) AS items FROM (
                    SELECT tag, items FROM tag_usage WHERE owner <> '' UNION ALL SELECT tag, -items FROM tag_usage WHERE owner = '') AS d
                GROUP BY tag HAVING sum(items) <> 0
            ), totals AS (
                INSERT INTO tag_usage (owner, tag, items) SELECT '', tag, items FROM all_owners ORDER BY tag
                ON CONFLICT (owner, tag) DO UPDATE SET items = tag_usage.items + EXCLUDED.items RETURNING tag
            ), corrected AS (
                INSERT INTO tag_deltas (owner, tag, items) SELECT owner, tag, items FROM wrong RETURNING tag
            )
            SELECT (SELECT count(*) FROM corrected) + (SELECT count(*) FROM totals)
            """);
        command.CommandTimeout = 0;
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }
}
