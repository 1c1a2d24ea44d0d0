using MediaAspire.Core.Media;
using Npgsql;

namespace MediaAspire.Core.Tags;

/// <summary>The tags of the catalog and the numbers of their items, in PostgreSQL.</summary>
/// <remarks>
/// A tag exists while an owner has created it or an item has it. Items that are unlisted or in the trash do not count. The numbers are
/// exact at any time: the counters and their changes are read in one statement.
/// </remarks>
public sealed class TagCatalog(NpgsqlDataSource database)
{
    /// <summary>Creates a tag of an owner.</summary>
    /// <returns><see langword="true"/> when the owner had not created it before.</returns>
    public async Task<bool> CreateAsync(MediaOwner owner, string tag, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("INSERT INTO tags (owner, tag) VALUES ($1, $2) ON CONFLICT DO NOTHING");
        command.Parameters.Add(new() { Value = owner.Value });
        command.Parameters.Add(new() { Value = tag });
        return await command.ExecuteNonQueryAsync(cancellationToken) > 0;
    }

    /// <summary>Finds a tag.</summary>
    /// <param name="owner">The owner; <see langword="null"/> for all owners together.</param>
    /// <param name="tag">The tag, normalized.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns><see langword="null"/> when the tag does not exist.</returns>
    public async Task<TagSummary?> FindAsync(MediaOwner? owner, string tag, CancellationToken cancellationToken) =>
        await SelectAsync(owner, "tag = $2", [new() { Value = tag }], limit: 1, cancellationToken) is [var found] ? found : null;

    /// <summary>Lists tags in the order of their code points.</summary>
    /// <param name="owner">The owner; <see langword="null"/> for all owners together.</param>
    /// <param name="prefix">The beginning of the tags, normalized; empty for every tag.</param>
    /// <param name="after">The tag after which the page begins; empty for the first page.</param>
    /// <param name="limit">The most tags.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public Task<IReadOnlyList<TagSummary>> ListAsync(
        MediaOwner? owner, string prefix, string after, int limit, CancellationToken cancellationToken) =>
        SelectAsync(
            owner,
            "tag > $2 AND tag >= $3 AND tag < coalesce(text_after($3), repeat(chr(1114111), 21))",
            [new() { Value = after }, new() { Value = prefix }],
            limit,
            cancellationToken);

    private async Task<IReadOnlyList<TagSummary>> SelectAsync(
        MediaOwner? owner, string condition, NpgsqlParameter[] parameters, int limit, CancellationToken cancellationToken)
    {
        var ownerCondition = owner is null ? "$1 = ''" : "owner = $1";
        await using var command = database.CreateCommand(
            $"""
            SELECT tag, sum(items)::bigint, min(created_at) FROM (
                SELECT tag, items, NULL::timestamptz AS created_at FROM tag_usage WHERE owner = $1 AND {condition}
                UNION ALL
                SELECT tag, items, NULL FROM tag_deltas WHERE {ownerCondition} AND {condition}
                UNION ALL
                SELECT tag, 0, created_at FROM tags WHERE {ownerCondition} AND {condition}
            ) AS u
            GROUP BY tag HAVING sum(items) > 0 OR min(created_at) IS NOT NULL ORDER BY tag LIMIT ${parameters.Length + 2}
            """);
        command.Parameters.Add(new() { Value = owner?.Value ?? "" });
        command.Parameters.AddRange(parameters);
        command.Parameters.Add(new() { Value = limit });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var tags = new List<TagSummary>();
        while (await reader.ReadAsync(cancellationToken))
        {
            tags.Add(new(
                reader.GetString(0), reader.GetInt64(1), reader.IsDBNull(2) ? null : reader.GetFieldValue<DateTimeOffset>(2)));
        }

        return tags;
    }
}

/// <summary>A tag and the number of its items.</summary>
/// <param name="Name">The tag, normalized.</param>
/// <param name="Items">The number of items.</param>
/// <param name="CreatedAt">The time at which it was created first; <see langword="null"/> for one that items only brought.</param>
public sealed record TagSummary(string Name, long Items, DateTimeOffset? CreatedAt);
