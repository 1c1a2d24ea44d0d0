using MediaAspire.Core.Database;
using MediaAspire.Core.Files;
using MediaAspire.Core.Ids;
using MediaAspire.Core.Quotas;
using Npgsql;

namespace MediaAspire.Core.Objects;

/// <content>Copies, and the judgement of conditions.</content>
public sealed partial class ObjectCatalog
{
    /// <summary>Writes a version whose files are stored already, in one transaction.</summary>
    /// <param name="bucket">The bucket.</param>
    /// <param name="version">The version; each of its files gets one more holder.</param>
    /// <param name="parts">Its parts; empty when it has one file.</param>
    /// <param name="conditions">The conditions on the key.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>
    /// The version; <see langword="null"/> with the reason when it was not written. The reason
    /// <see cref="ObjectWriteOutcome.NoSuchKey"/> also means that a file was deleted in the meantime.
    /// </returns>
    /// <exception cref="QuotaExceededException">The version does not fit into a quota of the bucket or its owner.</exception>
    public async Task<(ObjectVersion? Version, ObjectWriteOutcome Outcome)> ShareAsync(
        BucketId bucket,
        NewVersion version,
        IReadOnlyList<ObjectPart> parts,
        ObjectConditions conditions,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(version);
        ArgumentNullException.ThrowIfNull(parts);
        ArgumentNullException.ThrowIfNull(conditions);

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);

        // The key before the files, as every writer locks them.
        await using var batch = new NpgsqlBatch(connection, transaction);
        batch.BatchCommands.Add(VersionStatements.Lock(bucket, version.Key));
        batch.BatchCommands.Add(FileHolders.Hold(version.File is { } single ? [single] : parts.Select(part => part.File)));
        batch.BatchCommands.Add(VersionStatements.Write(bucket, version, conditions));
        bool areHeld;
        ObjectWriteOutcome outcome;
        try
        {
            await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
            await reader.NextResultAsync(cancellationToken);
            await reader.ReadAsync(cancellationToken);
            areHeld = reader.GetBoolean(0);
            await reader.NextResultAsync(cancellationToken);
            await reader.ReadAsync(cancellationToken);
            outcome = ObjectWriteOutcomes.Parse(reader.GetString(0));
        }
        catch (PostgresException failure) when (QuotaRefusal.From(failure) is { } refusal)
        {
            throw new QuotaExceededException(refusal, failure);
        }

        if (outcome != ObjectWriteOutcome.Written)
        {
            return (null, outcome);
        }

        if (!areHeld)
        {
            return (null, ObjectWriteOutcome.NoSuchKey);
        }

        if (parts.Count > 0)
        {
            await using var insert = new NpgsqlBatch(connection, transaction);
            insert.BatchCommands.Add(VersionStatements.InsertParts(version.Id, parts));
            await insert.ExecuteNonQueryAsync(cancellationToken);
        }

        var written = await VersionStatements.FindAsync(connection, version.Id, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return (written, ObjectWriteOutcome.Written);
    }

    /// <summary>Judges the conditions of a write by the key's current object, without writing.</summary>
    /// <returns><see cref="ObjectWriteOutcome.Written"/> when nothing prevents the write now.</returns>
    public async Task<ObjectWriteOutcome> JudgeAsync(
        BucketId bucket, string key, ObjectConditions conditions, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(conditions);

        await using var command = database.CreateCommand(
            """
            SELECT judge_conditions(o.etag, $3, $4) FROM buckets b
            LEFT JOIN objects o ON o.bucket_id = b.bucket_id AND o.key = $2 AND o.is_latest AND NOT o.is_delete_marker
            WHERE b.bucket_id = $1
            """);
        command.Parameters.Add(new() { Value = bucket.Value });
        command.Parameters.Add(new() { Value = key });
        command.Parameters.Add(NullableParameter.Text(conditions.IfMatch));
        command.Parameters.Add(NullableParameter.Text(conditions.IfNoneMatch));
        return await command.ExecuteScalarAsync(cancellationToken) is string outcome
            ? ObjectWriteOutcomes.Parse(outcome)
            : ObjectWriteOutcome.NoSuchBucket;
    }
}
