using MediaAspire.Core.Ids;
using MediaAspire.Core.ObjectStore;
using Npgsql;

namespace MediaAspire.Core.Images;

/// <summary>Lists what nothing refers to: images, blobs and objects. Thread-safe.</summary>
/// <remarks>
/// Transactions leave none behind. Objects of uploads that were aborted by a crash are deleted by the audit of the object store, when they
/// are old enough; younger ones may belong to work that is under way.
/// </remarks>
public sealed class ImageOrphans(NpgsqlDataSource database, IObjectStore objects)
{
    /// <summary>The number of objects that one call looks at.</summary>
    public const int ObjectsPerCall = 1000;

    /// <summary>Lists images without an alias.</summary>
    public async Task<IReadOnlyList<ImageId>> ListImagesAsync(int limit, CancellationToken cancellationToken) =>
        [.. (await ReadAsync(
            """
            SELECT i.image_id FROM images i
            WHERE NOT EXISTS (SELECT FROM image_aliases a WHERE a.image_id = i.image_id) ORDER BY i.image_id LIMIT $1
            """,
            limit,
            cancellationToken)).Select(id => new ImageId(id))];

    /// <summary>Lists blobs that no image and no variant has.</summary>
    public async Task<IReadOnlyList<BlobId>> ListBlobsAsync(int limit, CancellationToken cancellationToken) =>
        [.. (await ReadAsync(
            """
            SELECT b.blob_id FROM image_blobs b
            WHERE NOT EXISTS (SELECT FROM images i WHERE i.blob_id = b.blob_id)
              AND NOT EXISTS (SELECT FROM images i WHERE i.motion_blob_id = b.blob_id)
              AND NOT EXISTS (SELECT FROM image_variants v WHERE v.blob_id = b.blob_id)
            ORDER BY b.blob_id LIMIT $1
            """,
            limit,
            cancellationToken)).Select(id => new BlobId(id))];

    /// <summary>Lists objects below <c>images/</c> that no blob has and that are not scheduled for deletion.</summary>
    /// <param name="after">The key after which to look; <see langword="null"/> to begin.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The objects of one page of the store, and the key to go on after; <see langword="null"/> at the end.</returns>
    public async Task<(IReadOnlyList<ListedObject> Orphans, string? Next)> ListObjectsAsync(
        string? after, CancellationToken cancellationToken)
    {
        var page = await objects.ListAsync(ImageKeys.Prefix, after, ObjectsPerCall, cancellationToken);
        await using var command = database.CreateCommand(
            """
            SELECT k FROM unnest($1) AS k (k)
            WHERE NOT EXISTS (SELECT FROM image_blobs b WHERE b.object_key = k COLLATE "C")
              AND NOT EXISTS (SELECT FROM media_object_deletions d WHERE d.object_key = k COLLATE "C")
            """);
        command.Parameters.Add(new() { Value = page.Objects.Select(listed => listed.Key).ToArray() });
        var unknown = new HashSet<string>(StringComparer.Ordinal);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            unknown.Add(reader.GetString(0));
        }

        return (
            [.. page.Objects.Where(listed => unknown.Contains(listed.Key))],
            page.IsLast || page.Objects.Count == 0 ? null : page.Objects[^1].Key);
    }

    private async Task<List<Guid>> ReadAsync(string sql, int limit, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(sql);
        command.Parameters.Add(new() { Value = limit });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var ids = new List<Guid>();
        while (await reader.ReadAsync(cancellationToken))
        {
            ids.Add(reader.GetGuid(0));
        }

        return ids;
    }
}
