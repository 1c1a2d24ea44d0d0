using MediaAspire.Core.Ids;
using NpgsqlTypes;

namespace MediaAspire.Core.Objects;

/// <content>Deletions of objects and versions.</content>
public sealed partial class ObjectCatalog
{
    /// <summary>
    /// The most entries of one transaction. Each key has a lock, and tables and indexes have thirty more: together they stay within the
    /// share of one connection in PostgreSQL's table of locks, so that deletions on all connections fit.
    /// </summary>
    public const int MaxDeletionsAtOnce = 25;

    /// <summary>Deletes an object as its bucket's versioning prescribes: for good, or by a marker on top of its versions.</summary>
    /// <param name="bucket">The bucket.</param>
    /// <param name="key">The key; one that does not exist counts as deleted.</param>
    /// <param name="ownerId">The owner of the marker.</param>
    /// <param name="conditions">The conditions on the latest version.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public Task<ObjectDeletion> DeleteAsync(
        BucketId bucket, string key, string ownerId, DeletionConditions conditions, CancellationToken cancellationToken) =>
        DeleteAsync(bucket, new(key) { Conditions = conditions }, ownerId, cancellationToken);

    /// <summary>Deletes one version for good; the newest remaining version becomes the latest.</summary>
    /// <param name="bucket">The bucket.</param>
    /// <param name="key">The key.</param>
    /// <param name="version">The version; <see langword="null"/> for the one called "null".</param>
    /// <param name="conditions">The conditions on the version.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public Task<ObjectDeletion> DeleteVersionAsync(
        BucketId bucket, string key, VersionId? version, DeletionConditions conditions, CancellationToken cancellationToken) =>
        DeleteAsync(
            bucket,
            new(key) { Version = version, IsNullVersion = version is null, Conditions = conditions },
            ownerId: "", // No marker is written.
            cancellationToken);

    /// <summary>
    /// Deletes objects and versions, in transactions of <see cref="MaxDeletionsAtOnce"/> entries. Each entry succeeds or fails
    /// independently of the others.
    /// </summary>
    /// <param name="bucket">The bucket.</param>
    /// <param name="deletions">The objects and versions, in the order of their deletion.</param>
    /// <param name="ownerId">The owner of the markers.</param>
    /// <param name="cancellationToken">Ends the call; entries that were deleted before stay deleted.</param>
    /// <returns>The results in the order of the entries; <see langword="null"/> when the bucket does not exist any more.</returns>
    public async Task<IReadOnlyList<ObjectDeletion>?> DeleteManyAsync(
        BucketId bucket, IReadOnlyList<DeletionEntry> deletions, string ownerId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(deletions);

        var results = new List<ObjectDeletion>(deletions.Count);
        foreach (var entries in deletions.Chunk(MaxDeletionsAtOnce))
        {
            await using var command = database.CreateCommand(
                "SELECT outcome, marker, is_null_marker FROM delete_objects($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)");
            command.Parameters.Add(new() { Value = bucket.Value });
            command.Parameters.Add(new() { Value = ownerId });
            command.Parameters.Add(new() { Value = entries.Select(entry => entry.Key).ToArray() });
            command.Parameters.Add(Array(entries.Select(entry => entry.Version?.Value), NpgsqlDbType.Uuid));
            command.Parameters.Add(new() { Value = entries.Select(entry => entry.IsNullVersion).ToArray() });
            command.Parameters.Add(Array(entries.Select(entry => entry.Conditions.ETag), NpgsqlDbType.Text));
            command.Parameters.Add(Array(entries.Select(entry => entry.Conditions.Size), NpgsqlDbType.Bigint));
            command.Parameters.Add(Array(entries.Select(entry => entry.Conditions.ModifiedAt?.UtcDateTime), NpgsqlDbType.TimestampTz));
            command.Parameters.Add(new() { Value = entries.Select(entry => entry.Conditions.BypassesGovernance).ToArray() });
            command.Parameters.Add(new() { Value = entries.Select(_ => VersionId.New(time).Value).ToArray() });
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            if (!reader.HasRows)
            {
                return null;
            }

            while (await reader.ReadAsync(cancellationToken))
            {
                results.Add(new(
                    ObjectWriteOutcomes.Parse(reader.GetString(0)),
                    reader.IsDBNull(1) ? null : new(new(reader.GetGuid(1)), reader.GetBoolean(2))));
            }
        }

        return results;
    }

    private async Task<ObjectDeletion> DeleteAsync(
        BucketId bucket, DeletionEntry entry, string ownerId, CancellationToken cancellationToken) =>
        await DeleteManyAsync(bucket, [entry], ownerId, cancellationToken) is [var deletion]
            ? deletion
            : new(ObjectWriteOutcome.NoSuchBucket, Marker: null);

    private static Npgsql.NpgsqlParameter Array<T>(IEnumerable<T> values, NpgsqlDbType type) =>
        new() { Value = values.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | type };
}
