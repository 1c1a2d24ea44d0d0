using System.Collections.Immutable;
using MediaAspire.Core.Checksums;
using MediaAspire.Core.Ids;
using Npgsql;

namespace MediaAspire.Core.Media.Postgres;

/// <summary>Reads items from rows: one for each part, the parts of an item one after the other.</summary>
internal static class MediaRows
{
    /// <summary>The columns that <see cref="ReadAsync(NpgsqlDataReader, CancellationToken)"/> reads.</summary>
    public const string Columns =
        """
        m.media_id, m.owner, m.kind, m.status, m.is_public, m.is_unlisted, m.is_temporary, m.is_direct_only, m.is_immutable, m.name,
        m.alias, m.description, m.website, m.tags, m.categories, m.capabilities, m.custom, m.player, m.width, m.height,
        m.parent_id, m.referenced, m.details, m.deferred, m.error_code, m.error, m.error_count,
        m.created_at, m.updated_at, m.uploaded_at, m.ready_at, m.expires_at, m.removed_at, m.version, m.has_public_objects,
        m.attempt_id, m.attempt_job, m.attempt_until,
        p.part_number, p.type, o.object_key, o.content_type, o.size, o.sha256, o.state, o.etag, o.multipart_id, o.upload_until, o.stored_at
        """;

    /// <summary>The tables of these columns.</summary>
    public const string Source = "media m JOIN media_parts p USING (media_id) JOIN media_objects o USING (object_key)";

    /// <summary>The number of these columns; a statement may have more after them.</summary>
    public const int ColumnCount = FirstPartColumn + 11;

    private const int FirstPartColumn = 38;

    /// <summary>Reads every item, in the order of the rows.</summary>
    public static Task<List<MediaItem>> ReadAsync(NpgsqlDataReader reader, CancellationToken cancellationToken) =>
        ReadAsync(reader, static _ => { }, cancellationToken);

    /// <summary>Reads every item, in the order of the rows.</summary>
    /// <param name="reader">The rows; one of them may be without an item.</param>
    /// <param name="onItem">Called at each row that is the first of an item or has none, for the columns after those of items.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public static async Task<List<MediaItem>> ReadAsync(
        NpgsqlDataReader reader, Action<NpgsqlDataReader> onItem, CancellationToken cancellationToken)
    {
        var items = new List<MediaItem>();
        var parts = ImmutableArray.CreateBuilder<MediaPart>();
        while (await reader.ReadAsync(cancellationToken))
        {
            if (reader.IsDBNull(0))
            {
                onItem(reader);
                continue;
            }

            var id = new MediaId(reader.GetGuid(0));
            if (items.Count == 0 || items[^1].Id != id)
            {
                Complete(items, parts);
                items.Add(ReadItem(reader, id));
                onItem(reader);
            }

            parts.Add(ReadPart(reader));
        }

        Complete(items, parts);
        return items;
    }

    /// <summary>Reads the items that refer to others: their ids and references.</summary>
    public static async Task<List<MediaReferrer>> ReadReferrersAsync(NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        var referrers = new List<MediaReferrer>();
        while (await reader.ReadAsync(cancellationToken))
        {
            referrers.Add(new(
                new(reader.GetGuid(0)), [.. reader.GetFieldValue<Guid[]>(1).Select(value => new MediaId(value))]));
        }

        return referrers;
    }

    /// <summary>Reads the first item.</summary>
    /// <returns><see langword="null"/> for no row.</returns>
    public static async Task<MediaItem?> ReadOneAsync(NpgsqlDataReader reader, CancellationToken cancellationToken) =>
        await ReadAsync(reader, cancellationToken) is [var item, ..] ? item : null;

    private static void Complete(List<MediaItem> items, ImmutableArray<MediaPart>.Builder parts)
    {
        if (items.Count > 0)
        {
            items[^1] = items[^1] with { Parts = parts.DrainToImmutable() };
        }
    }

    private static MediaItem ReadItem(NpgsqlDataReader reader, MediaId id) => new()
    {
        Id = id,
        Owner = new(reader.GetString(1)),
        Kind = MediaKinds.TryParse(reader.GetString(2), out var kind)
            ? kind
            : throw new InvalidDataException($"The kind \"{reader.GetString(2)}\" of item {id} is from a later version."),
        Status = (MediaStatus)reader.GetInt16(3),
        IsPublic = reader.GetBoolean(4),
        IsUnlisted = reader.GetBoolean(5),
        IsTemporary = reader.GetBoolean(6),
        IsDirectOnly = reader.GetBoolean(7),
        IsImmutable = reader.GetBoolean(8),
        Name = reader.GetString(9),
        Alias = Text(reader, 10) is { } alias ? new MediaAlias(alias) : null,
        Description = Text(reader, 11),
        Website = Text(reader, 12),
        Tags = Texts(reader, 13),
        Categories = Texts(reader, 14),
        Capabilities = Texts(reader, 15),
        Custom = CustomJson.Parse(reader.GetString(16)),
        Player = Text(reader, 17),
        Width = reader.IsDBNull(18) ? null : reader.GetInt32(18),
        Height = reader.IsDBNull(19) ? null : reader.GetInt32(19),
        Parent = reader.IsDBNull(20) ? null : new MediaId(reader.GetGuid(20)),
        References = [.. reader.GetFieldValue<Guid[]>(21).Select(value => new MediaId(value))],
        Details = Text(reader, 22),
        Deferred = Text(reader, 23),
        Failure = Text(reader, 24) is { } code ? new MediaFailure(code, reader.GetString(25), reader.GetInt32(26)) : null,
        CreatedAt = reader.GetFieldValue<DateTimeOffset>(27),
        UpdatedAt = reader.GetFieldValue<DateTimeOffset>(28),
        UploadedAt = Time(reader, 29),
        ReadyAt = Time(reader, 30),
        ExpiresAt = Time(reader, 31),
        RemovedAt = Time(reader, 32),
        Version = reader.GetInt64(33),
        HasPublicObjects = reader.GetBoolean(34),
        Attempt = reader.IsDBNull(35)
            ? null
            : new MediaAttempt(reader.GetGuid(35), new(reader.GetGuid(36)), reader.GetFieldValue<DateTimeOffset>(37)),
        Parts = [],
    };

    private static MediaPart ReadPart(NpgsqlDataReader reader)
    {
        const int first = FirstPartColumn;
        return new(
            reader.GetInt32(first), reader.GetString(first + 1), reader.GetString(first + 2), reader.GetString(first + 3),
            reader.GetInt64(first + 4), new Sha256Digest(reader.GetFieldValue<byte[]>(first + 5)),
            MediaPartStates.Parse(reader.GetString(first + 6)))
        {
            ETag = Text(reader, first + 7),
            MultipartId = Text(reader, first + 8),
            UploadUntil = Time(reader, first + 9),
            StoredAt = Time(reader, first + 10),
        };
    }

    private static ImmutableArray<string> Texts(NpgsqlDataReader reader, int ordinal) =>
        System.Runtime.InteropServices.ImmutableCollectionsMarshal.AsImmutableArray(reader.GetFieldValue<string[]>(ordinal));

    private static string? Text(NpgsqlDataReader reader, int ordinal) => reader.IsDBNull(ordinal) ? null : reader.GetString(ordinal);

    private static DateTimeOffset? Time(NpgsqlDataReader reader, int ordinal) =>
        reader.IsDBNull(ordinal) ? null : reader.GetFieldValue<DateTimeOffset>(ordinal);
}
