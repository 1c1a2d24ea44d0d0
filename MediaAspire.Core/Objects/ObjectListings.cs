using MediaAspire.Core.Database;
using Npgsql;
using NpgsqlTypes;

namespace MediaAspire.Core.Objects;

/// <summary>Lists objects and versions in the order of their keys' bytes.</summary>
/// <remarks>
/// Each method is one statement. Its cost depends on the entries of the page, not on the keys behind a common prefix, which are jumped
/// over.
/// </remarks>
public sealed class ObjectListings(NpgsqlDataSource database)
{
    // item and is_prefix, and the columns of ListedObject.
    private const string Columns = "item, is_prefix, modified_at, etag, size, owner_id, storage_class, checksum_algorithm, checksum_type";

    /// <summary>Lists the objects that readers see: the latest version of each key, without deleted ones.</summary>
    public Task<ListingPage<ListedObject>> ListAsync(ListingQuery query, CancellationToken cancellationToken) =>
        ListAsync($"SELECT {Columns} FROM list_objects($1, $2, $3, $4, $5, $6)", query, [], ReadObject, cancellationToken);

    /// <summary>Lists all versions and delete markers, the newest of each key first.</summary>
    public Task<ListingPage<ListedVersion>> ListVersionsAsync(ListingQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);

        return ListAsync(
            $"""
            SELECT {Columns}, version_id, is_null, is_latest, is_delete_marker
            FROM list_object_versions($1, $2, $3, $4, $5, $7, $8, $6)
            """,
            query,
            [
                new() { Value = (object?)query.After?.Version?.Value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Uuid },
                new() { Value = query.After?.IsNullVersion ?? false },
            ],
            ReadVersion,
            cancellationToken);
    }

    private async Task<ListingPage<T>> ListAsync<T>(
        string sql, ListingQuery query, NpgsqlParameter[] more, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken)
        where T : ListedObject
    {
        ArgumentNullException.ThrowIfNull(query);

        var entries = new List<T>();
        var prefixes = new List<string>();

        // PostgreSQL's text has no NUL, and so no key has one: no key begins with such a prefix, and no key contains such a delimiter.
        if (query.MaxItems == 0 || query.Prefix.Contains('\0', StringComparison.Ordinal))
        {
            return new(entries, prefixes, Next: null);
        }

        var after = WithoutNul(query.After);
        await using var command = database.CreateCommand(sql);
        command.Parameters.Add(new() { Value = query.Bucket.Value });
        command.Parameters.Add(new() { Value = query.Prefix });
        command.Parameters.Add(new() { Value = query.Delimiter.Contains('\0', StringComparison.Ordinal) ? "" : query.Delimiter });
        command.Parameters.Add(NullableParameter.Text(after?.Text));
        command.Parameters.Add(new() { Value = after?.IsPrefix ?? false });
        command.Parameters.Add(new() { Value = query.MaxItems + 1 });
        command.Parameters.AddRange(more);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        ListingPosition? last = null;
        while (await reader.ReadAsync(cancellationToken))
        {
            if (entries.Count + prefixes.Count == query.MaxItems)
            {
                return new(entries, prefixes, last);
            }

            if (reader.GetBoolean(1))
            {
                prefixes.Add(reader.GetString(0));
                last = new(prefixes[^1], IsPrefix: true);
            }
            else
            {
                var entry = read(reader);
                entries.Add(entry);
                last = PositionOf(entry);
            }
        }

        return new(entries, prefixes, Next: null);
    }

    private static ListingPosition PositionOf(ListedObject entry) =>
        entry is ListedVersion version
            ? new(entry.Key, IsPrefix: false) { Version = version.IsNull ? null : version.Id, IsNullVersion = version.IsNull }
            : new(entry.Key, IsPrefix: false);

    // The keys after "a\0b" are those after "a".
    private static ListingPosition? WithoutNul(ListingPosition? position) =>
        position?.Text.IndexOf('\0', StringComparison.Ordinal) is { } place and >= 0
            ? new(position.Text[..place], IsPrefix: false)
            : position;

    private static ListedObject ReadObject(NpgsqlDataReader reader) =>
        new(
            reader.GetString(0),
            reader.GetFieldValue<DateTimeOffset>(2),
            reader.GetString(3),
            reader.GetInt64(4),
            reader.GetString(5),
            reader.GetString(6),
            reader.IsDBNull(7) ? null : reader.GetString(7),
            reader.IsDBNull(8) ? null : reader.GetString(8));

    private static ListedVersion ReadVersion(NpgsqlDataReader reader) =>
        new(
            reader.GetString(0),
            reader.GetFieldValue<DateTimeOffset>(2),
            reader.GetString(3),
            reader.GetInt64(4),
            reader.GetString(5),
            reader.GetString(6),
            reader.IsDBNull(7) ? null : reader.GetString(7),
            reader.IsDBNull(8) ? null : reader.GetString(8),
            new(reader.GetGuid(9)),
            reader.GetBoolean(10),
            reader.GetBoolean(11),
            reader.GetBoolean(12));
}
