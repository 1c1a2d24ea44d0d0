using MediaAspire.Core.Ids;
using NpgsqlTypes;

namespace MediaAspire.Core.Objects;

/// <summary>Deletions of many objects at once.</summary>
public sealed partial class ObjectCatalog
{
    /// <summary>The most entries of one transaction: each key's lock takes room in PostgreSQL's table of locks, which is for all.</summary>
    public const int MaxDeletionsAtOnce = 100;

    /// <summary>Deletes objects and versions, in transactions of <see cref="MaxDeletionsAtOnce"/> entries; each entry goes well or fails by itself.</summary>
    /// <param name="bucket">The bucket.</param>
    /// <param name="deletions">What to delete, in this order.</param>
    /// <param name="ownerId">Who owns the markers.</param>
    /// <param name="cancellationToken">Ends the call; what was deleted before stays deleted.</param>
    /// <returns>An outcome for each entry; <see langword="null"/> when the bucket is gone.</returns>
    public async Task<IReadOnlyList<EntryDeletion>?> DeleteManyAsync(
        BucketId bucket, IReadOnlyList<DeletionEntry> deletions, string ownerId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(deletions);

        var outcomes = new List<EntryDeletion>(deletions.Count);
        foreach (var entries in deletions.Chunk(MaxDeletionsAtOnce))
        {
            await using var command = database.CreateCommand(
                "SELECT place, is_failed, marker, is_null_marker, is_locked FROM delete_objects($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)");
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
                outcomes.Add(new(
                    entries[reader.GetInt32(0) - 1],
                    reader.GetBoolean(1),
                    reader.GetBoolean(3) ? ObjectVersion.NullVersion : reader.IsDBNull(2) ? null : new VersionId(reader.GetGuid(2)).ToString())
                {
                    IsLocked = reader.GetBoolean(4),
                });
            }
        }

        return outcomes;
    }

    private static Npgsql.NpgsqlParameter Array<T>(IEnumerable<T> values, NpgsqlDbType type) =>
        new() { Value = values.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | type };
}
