using MediaAspire.Core.Ids;
using MediaAspire.Core.Objects;
using Npgsql;

namespace MediaAspire.Core.Multipart;

/// <summary>How parts become an object.</summary>
public sealed partial class MultipartCatalog
{
    /// <summary>Makes an upload the latest version of its key; parts that are not chosen are released.</summary>
    /// <param name="upload">The upload.</param>
    /// <param name="choose">Chooses among the parts uploaded, which are in the order of their numbers, and says what the object is. It may
    /// throw: then the upload stays as it is.</param>
    /// <param name="conditions">What must be true of the key.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The version, that of the first time when the upload had been completed already, or why there is none;
    /// <see cref="MultipartCompletion.IsGone"/> when the upload was aborted, or what it became before has been replaced.</returns>
    public async Task<MultipartCompletion> CompleteAsync(
        MultipartUpload upload,
        Func<IReadOnlyList<UploadedPart>, CompletedParts> choose,
        ObjectConditions conditions,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(upload);
        ArgumentNullException.ThrowIfNull(choose);
        ArgumentNullException.ThrowIfNull(conditions);

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var (isThere, completed, parts) = await LockAsync(connection, transaction, upload, cancellationToken);
        if (!isThere)
        {
            return MultipartCompletion.Gone;
        }

        if (completed is { } before)
        {
            return await ObjectCatalog.FindAnyAsync(connection, before, cancellationToken) is { } made
                ? new(ObjectWriteOutcome.Written, made)
                : MultipartCompletion.Gone;
        }

        var chosen = choose(parts);
        var version = new NewVersion(
            VersionId.New(time), upload.Key, upload.Attributes with { Checksum = chosen.Checksum }, chosen.Parts.Sum(part => part.Size), chosen.ETag)
        {
            PartCount = chosen.Parts.Count,
        };

        await using var batch = new NpgsqlBatch(connection, transaction);
        batch.BatchCommands.Add(ObjectCatalog.Lock(upload.Bucket, upload.Key));
        var insert = ObjectCatalog.Insert(upload.Bucket, version, conditions);
        batch.BatchCommands.Add(insert);

        // Without the version these would find nothing to refer to; the transaction is then rolled back.
        await batch.ExecuteNonQueryAsync(cancellationToken);
        if (insert.RecordsAffected != 1)
        {
            await transaction.RollbackAsync(cancellationToken);
            return new(await ExplainAsync(upload, conditions, cancellationToken), null);
        }

        await using var rest = new NpgsqlBatch(connection, transaction);
        rest.BatchCommands.Add(ObjectCatalog.InsertParts(version.Id, chosen.Parts));
        rest.BatchCommands.Add(ReleaseOthers(upload.Id, chosen.Parts));
        rest.BatchCommands.Add(new("DELETE FROM multipart_parts WHERE upload_id = $1") { Parameters = { new() { Value = upload.Id.Value } } });
        rest.BatchCommands.Add(new("UPDATE multipart_uploads SET completed_version = $2, completed_at = now() WHERE upload_id = $1")
        {
            Parameters = { new() { Value = upload.Id.Value }, new() { Value = version.Id.Value } },
        });
        rest.BatchCommands.Add(ObjectCatalog.Settle(upload.Bucket, upload.Key, version.Id));
        await rest.ExecuteNonQueryAsync(cancellationToken);
        var written = await ObjectCatalog.FindAnyAsync(connection, version.Id, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return new(ObjectWriteOutcome.Written, written);
    }

    /// <summary>Forgets uploads that were completed long ago: whoever completes one of them again then learns that there is none.</summary>
    /// <returns>How many were forgotten.</returns>
    public async Task<int> ForgetCompletedAsync(TimeSpan age, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("DELETE FROM multipart_uploads WHERE completed_at < now() - $1");
        command.Parameters.Add(new() { Value = age });
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task<(bool IsThere, VersionId? Completed, List<UploadedPart> Parts)> LockAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, MultipartUpload upload, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection, transaction);

        // The bucket first, as whoever deletes a bucket does.
        batch.BatchCommands.Add(new("SELECT 1 FROM buckets WHERE bucket_id = $1 FOR KEY SHARE") { Parameters = { new() { Value = upload.Bucket.Value } } });
        batch.BatchCommands.Add(new("SELECT completed_version FROM multipart_uploads WHERE upload_id = $1 FOR UPDATE")
        {
            Parameters = { new() { Value = upload.Id.Value } },
        });
        batch.BatchCommands.Add(new(
            "SELECT part_number, file_id, size, etag, checksum, modified_at FROM multipart_parts WHERE upload_id = $1 ORDER BY part_number")
        {
            Parameters = { new() { Value = upload.Id.Value } },
        });

        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        var isThere = await reader.ReadAsync(cancellationToken);
        VersionId? completed = isThere && !reader.IsDBNull(0) ? new VersionId(reader.GetGuid(0)) : null;
        await reader.NextResultAsync(cancellationToken);
        return (isThere, completed, await ReadPartsAsync(reader, cancellationToken));
    }

    private static NpgsqlBatchCommand ReleaseOthers(UploadId upload, IReadOnlyList<ObjectPart> chosen) =>
        new("SELECT release_files(array_agg(file_id)) FROM multipart_parts WHERE upload_id = $1 AND NOT part_number = ANY ($2)")
        {
            Parameters = { new() { Value = upload.Value }, new() { Value = chosen.Select(part => part.Number).ToArray() } },
        };

    private async Task<ObjectWriteOutcome> ExplainAsync(MultipartUpload upload, ObjectConditions conditions, CancellationToken cancellationToken)
    {
        var outcome = await new ObjectCatalog(database, time).ExplainAsync(upload.Bucket, upload.Key, conditions, cancellationToken);
        return outcome == ObjectWriteOutcome.Written ? ObjectWriteOutcome.PreconditionFailed : outcome;
    }
}

/// <summary>What a completed upload is to be.</summary>
/// <param name="Parts">The parts chosen, with their places in the object; at least one.</param>
/// <param name="ETag">The object's entity tag, without quotes.</param>
/// <param name="Checksum">Its checksum; <see langword="null"/> for none.</param>
public sealed record CompletedParts(IReadOnlyList<ObjectPart> Parts, string ETag, StoredChecksum? Checksum);

/// <param name="Outcome">Whether the object was written, or what stood against it.</param>
/// <param name="Version">The version; <see langword="null"/> when it was not written.</param>
public sealed record MultipartCompletion(ObjectWriteOutcome Outcome, ObjectVersion? Version)
{
    /// <summary>The upload is not there any more.</summary>
    public static MultipartCompletion Gone { get; } = new(ObjectWriteOutcome.NoSuchKey, null);

    /// <summary>Gets whether the upload was aborted meanwhile, or what it became is not there any more.</summary>
    public bool IsGone => ReferenceEquals(this, Gone);
}
