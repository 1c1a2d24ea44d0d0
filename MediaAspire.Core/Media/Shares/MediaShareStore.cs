using MediaAspire.Core.Database;
using MediaAspire.Core.Ids;
using Npgsql;

namespace MediaAspire.Core.Media.Shares;

/// <summary>The links that PostgreSQL knows, with the hashes of their secrets. Thread-safe.</summary>
public sealed class MediaShareStore(NpgsqlDataSource database, TimeProvider time)
{
    /// <summary>The links that an item may have at once.</summary>
    public const int MostOfOneItem = 1000;

    private const string Columns = "share_id, media_id, filename, created_at, created_by, expires_at";

    /// <summary>Creates a link, and removes some that have expired.</summary>
    /// <param name="media">The item, which must exist.</param>
    /// <param name="token">The token of the link.</param>
    /// <param name="lifetime">The time for which it works.</param>
    /// <param name="filename">See <see cref="MediaShare.Filename"/>.</param>
    /// <param name="createdBy">See <see cref="MediaShare.CreatedBy"/>.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The link; <see langword="null"/> when the item has too many, or is gone.</returns>
    public async Task<MediaShare?> CreateAsync(
        MediaId media, ShareToken token, TimeSpan lifetime, string? filename, string? createdBy, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            $"""
            WITH expired AS (
                DELETE FROM media_shares WHERE share_id IN (SELECT share_id FROM media_shares WHERE expires_at <= now() LIMIT 1000))
            INSERT INTO media_shares (share_id, media_id, owner, token_sha256, filename, created_by, expires_at)
            SELECT $1, media_id, owner, $3, $4, $5, now() + $6 FROM media
            WHERE media_id = $2
                AND (SELECT count(*) FROM media_shares s WHERE s.media_id = $2 AND s.expires_at > now()) < {MostOfOneItem}
            FOR KEY SHARE
            RETURNING {Columns}
            """);
        command.Parameters.Add(new() { Value = Guid.CreateVersion7(time.GetUtcNow()) });
        command.Parameters.Add(new() { Value = media.Value });
        command.Parameters.Add(new() { Value = token.Hash.ToArray() });
        command.Parameters.Add(NullableParameter.Text(filename));
        command.Parameters.Add(NullableParameter.Text(createdBy));
        command.Parameters.Add(new() { Value = lifetime });
        return (await ReadAsync(command, cancellationToken)).SingleOrDefault();
    }

    /// <summary>Finds the link of a token that has not expired.</summary>
    public async Task<MediaShare?> OpenAsync(ShareToken token, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            $"SELECT {Columns} FROM media_shares WHERE token_sha256 = $1 AND expires_at > now()");
        command.Parameters.Add(new() { Value = token.Hash.ToArray() });
        return (await ReadAsync(command, cancellationToken)).SingleOrDefault();
    }

    /// <summary>Lists the links of an item that have not expired, the newest first.</summary>
    public async Task<IReadOnlyList<MediaShare>> ListAsync(MediaId media, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            $"SELECT {Columns} FROM media_shares WHERE media_id = $1 AND expires_at > now() ORDER BY created_at DESC, share_id DESC");
        command.Parameters.Add(new() { Value = media.Value });
        return await ReadAsync(command, cancellationToken);
    }

    /// <summary>Lists links that have not expired, the newest first.</summary>
    /// <param name="owner">The owner of the items; <see langword="null"/> for every owner.</param>
    /// <param name="after">The last link of the page before; <see langword="null"/> for the first page.</param>
    /// <param name="limit">The most links to return.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task<IReadOnlyList<SharedItem>> ListAsync(
        MediaOwner? owner, Guid? after, int limit, CancellationToken cancellationToken)
    {
        // Ids of links rise with time.
        await using var command = database.CreateCommand(
            $"""
            SELECT {string.Join(", ", Columns.Split(", ").Select(column => "s." + column))}, m.name, s.owner
            FROM media_shares s JOIN media m USING (media_id)
            WHERE s.expires_at > now() {(owner is null ? "" : "AND s.owner = $3")} AND s.share_id < $1
            ORDER BY s.share_id DESC LIMIT $2
            """);
        command.Parameters.Add(new() { Value = after ?? Guid.AllBitsSet });
        command.Parameters.Add(new() { Value = limit });
        if (owner is { } one)
        {
            command.Parameters.Add(new() { Value = one.Value });
        }

        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var items = new List<SharedItem>();
        while (await reader.ReadAsync(cancellationToken))
        {
            items.Add(new(Read(reader), reader.GetString(6), new MediaOwner(reader.GetString(7))));
        }

        return items;
    }

    /// <summary>Removes a link.</summary>
    /// <returns><see langword="false"/> when the item has no such link.</returns>
    public async Task<bool> DeleteAsync(MediaId media, Guid share, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("DELETE FROM media_shares WHERE media_id = $1 AND share_id = $2");
        command.Parameters.Add(new() { Value = media.Value });
        command.Parameters.Add(new() { Value = share });
        return await command.ExecuteNonQueryAsync(cancellationToken) == 1;
    }

    private static async Task<IReadOnlyList<MediaShare>> ReadAsync(NpgsqlCommand command, CancellationToken cancellationToken)
    {
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var shares = new List<MediaShare>();
        while (await reader.ReadAsync(cancellationToken))
        {
            shares.Add(Read(reader));
        }

        return shares;
    }

    private static MediaShare Read(NpgsqlDataReader reader) => new(
        reader.GetGuid(0),
        new MediaId(reader.GetGuid(1)),
        reader.IsDBNull(2) ? null : reader.GetString(2),
        reader.GetFieldValue<DateTimeOffset>(3),
        reader.IsDBNull(4) ? null : reader.GetString(4),
        reader.GetFieldValue<DateTimeOffset>(5));
}
