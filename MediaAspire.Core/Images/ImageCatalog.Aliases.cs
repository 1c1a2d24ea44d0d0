using MediaAspire.Core.Checksums;
using MediaAspire.Core.Database;
using MediaAspire.Core.Ids;
using Npgsql;

namespace MediaAspire.Core.Images;

/// <summary>Listing and deleting aliases.</summary>
public sealed partial class ImageCatalog
{
    /// <summary>Lists aliases of an owner, the newest first.</summary>
    /// <param name="owner">The owner; <see langword="null"/> for the aliases without one.</param>
    /// <param name="after">The last alias of the page before; <see langword="null"/> for the first page.</param>
    /// <param name="limit">The most aliases.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task<IReadOnlyList<AliasedImage>> ListAsync(
        OwnerId? owner, AliasPosition? after, int limit, CancellationToken cancellationToken)
    {
        // NULL is compared by another operator than a value, and both use the index.
        var isOwners = owner is null ? "a.owner IS NULL" : "a.owner = $4";
        await using var command = database.CreateCommand(
            $"""
            SELECT {ImageColumns}, a.alias, a.owner, a.created_at, a.accessed_at
            FROM image_aliases a JOIN images i USING (image_id) JOIN image_blobs b ON b.blob_id = i.blob_id
            WHERE {isOwners} AND ($1::timestamptz IS NULL OR (a.created_at, a.alias) < ($1, $2))
            ORDER BY a.created_at DESC, a.alias DESC LIMIT $3
            """);
        command.Parameters.Add(NullableParameter.Time(after?.CreatedAt));
        command.Parameters.Add(NullableParameter.Text(after?.Alias.Value));
        command.Parameters.Add(new() { Value = limit });
        if (owner is { } named)
        {
            command.Parameters.Add(new() { Value = named.Value });
        }

        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var found = new List<AliasedImage>();
        while (await reader.ReadAsync(cancellationToken))
        {
            found.Add(ReadAliased(reader));
        }

        return found;
    }

    /// <summary>Lists the aliases of an image.</summary>
    public async Task<IReadOnlyList<ImageAlias>> ListAliasesAsync(ImageId image, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("SELECT alias FROM image_aliases WHERE image_id = $1 ORDER BY created_at, alias");
        command.Parameters.Add(new() { Value = image.Value });
        return await ReadAliasesAsync(command, cancellationToken);
    }

    /// <summary>Lists the aliases of all images with a SHA-256.</summary>
    public async Task<IReadOnlyList<ImageAlias>> ListAliasesAsync(Sha256Digest sha256, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            SELECT a.alias FROM images i JOIN image_aliases a USING (image_id) WHERE i.sha256 = $1 ORDER BY a.created_at, a.alias
            """);
        command.Parameters.Add(new() { Value = sha256.Bytes });
        return await ReadAliasesAsync(command, cancellationToken);
    }

    /// <summary>Finds the stored hash of an alias's delete token.</summary>
    /// <returns><see langword="null"/> when the alias does not exist.</returns>
    public async Task<byte[]?> FindTokenHashAsync(ImageAlias alias, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("SELECT delete_token FROM image_aliases WHERE alias = $1");
        command.Parameters.Add(new() { Value = alias.Value });
        return await command.ExecuteScalarAsync(cancellationToken) as byte[];
    }

    /// <summary>Deletes aliases, and every image that has none left, with its variants. Bytes are collected after a grace period.</summary>
    /// <returns>The number of aliases that existed.</returns>
    public async Task<int> DeleteAsync(IReadOnlyCollection<ImageAlias> aliases, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("SELECT delete_image_aliases($1)");
        command.Parameters.Add(new() { Value = aliases.Select(alias => alias.Value).ToArray() });
        return (int)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private static async Task<IReadOnlyList<ImageAlias>> ReadAliasesAsync(NpgsqlCommand command, CancellationToken cancellationToken)
    {
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var aliases = new List<ImageAlias>();
        while (await reader.ReadAsync(cancellationToken))
        {
            aliases.Add(new(reader.GetString(0)));
        }

        return aliases;
    }
}

/// <summary>The place of an alias in a list that begins with the newest.</summary>
/// <param name="CreatedAt">The time when it was made.</param>
/// <param name="Alias">The alias.</param>
public readonly record struct AliasPosition(DateTimeOffset CreatedAt, ImageAlias Alias);
