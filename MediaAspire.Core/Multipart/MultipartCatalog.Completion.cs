using MediaAspire.Core.Files;
using MediaAspire.Core.Ids;
using MediaAspire.Core.Objects;
using MediaAspire.Core.Quotas;
using Npgsql;

namespace MediaAspire.Core.Multipart;

/// <content>The completion of uploads.</content>
public sealed partial class MultipartCatalog
{
    /// <summary>Makes an upload the latest version of its key, and releases the parts that are not chosen.</summary>
    /// <param name="upload">The upload.</param>
    /// <param name="choose">
    /// Chooses among the uploaded parts, which are in the order of their numbers, and describes the object. It may throw; the upload then
    /// stays as it is.
    /// </param>
    /// <param name="conditions">The conditions on the key.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>
    /// The version, or the reason that it was not written. An upload that was completed before returns the version of the first time.
    /// <see cref="MultipartCompletion.IsGone"/> is true when the upload was aborted, or when that version does not exist any more.
    /// </returns>
    /// <exception cref="QuotaExceededException">The object does not fit into a quota of the bucket or its owner.</exception>
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
            return await VersionStatements.FindAsync(connection, before, cancellationToken) is { } made
                ? new(ObjectWriteOutcome.Written, made)
                : MultipartCompletion.Gone;
        }

        var chosen = choose(parts);
        var version = new NewVersion(
            VersionId.New(time),
            upload.Key,
            upload.Attributes with { Checksum = chosen.Checksum },
            chosen.Parts.Sum(part => part.Size),
            chosen.ETag)
        {
            PartCount = chosen.Parts.Count,
            Origin = VersionOrigin.CompleteMultipartUpload,
        };

        await using (var write = new NpgsqlBatch(connection, transaction))
        {
            // The bytes of all parts have been counted; now those of the chosen ones are the object's.
            write.BatchCommands.Add(VersionStatements.Write(upload.Bucket, version, conditions, freedBytes: parts.Sum(part => part.Size)));
            var outcome = ObjectWriteOutcomes.Parse((string?)await ExecuteAsync(write, cancellationToken));
            if (outcome != ObjectWriteOutcome.Written)
            {
                return new(outcome, null);
            }
        }

        await using var rest = new NpgsqlBatch(connection, transaction);
        rest.BatchCommands.Add(VersionStatements.InsertParts(version.Id, chosen.Parts));
        rest.BatchCommands.Add(ReleaseOthers(upload.Id, chosen.Parts));
        rest.BatchCommands.Add(new("DELETE FROM multipart_parts WHERE upload_id = $1")
        {
            Parameters = { new() { Value = upload.Id.Value } },
        });
        rest.BatchCommands.Add(new("UPDATE multipart_uploads SET completed_version = $2, completed_at = now() WHERE upload_id = $1")
        {
            Parameters = { new() { Value = upload.Id.Value }, new() { Value = version.Id.Value } },
        });
        await rest.ExecuteNonQueryAsync(cancellationToken);
        var written = await VersionStatements.FindAsync(connection, version.Id, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return new(ObjectWriteOutcome.Written, written);
    }

    private static async Task<object?> ExecuteAsync(NpgsqlBatch batch, CancellationToken cancellationToken)
    {
        try
        {
            return await batch.ExecuteScalarAsync(cancellationToken);
        }
        catch (PostgresException failure) when (QuotaRefusal.From(failure) is { } refusal)
        {
            throw new QuotaExceededException(refusal, failure);
        }
    }

    /// <summary>Forgets uploads that were completed long ago. Completing one of them again then fails, as for an unknown upload.</summary>
    /// <returns>The number of forgotten uploads.</returns>
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

        // The bucket first, as the deletion of a bucket locks it.
        batch.BatchCommands.Add(new("SELECT 1 FROM buckets WHERE bucket_id = $1 FOR KEY SHARE")
        {
            Parameters = { new() { Value = upload.Bucket.Value } },
        });
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
        FileHolders.Release(
            "SELECT file_id FROM multipart_parts WHERE upload_id = $1 AND NOT part_number = ANY ($2)",
            new() { Value = upload.Value },
            new() { Value = chosen.Select(part => part.Number).ToArray() });
}

/// <summary>The object that an upload becomes.</summary>
/// <param name="Parts">The chosen parts, with their positions in the object; at least one.</param>
/// <param name="ETag">The object's entity tag, without quotes.</param>
/// <param name="Checksum">Its checksum; <see langword="null"/> for none.</param>
public sealed record CompletedParts(IReadOnlyList<ObjectPart> Parts, string ETag, StoredChecksum? Checksum);

/// <summary>The result of completing an upload.</summary>
/// <param name="Outcome">Written, or the reason that the object was not written.</param>
/// <param name="Version">The version; <see langword="null"/> when it was not written.</param>
public sealed record MultipartCompletion(ObjectWriteOutcome Outcome, ObjectVersion? Version)
{
    /// <summary>Gets the result for an upload that does not exist any more.</summary>
    public static MultipartCompletion Gone { get; } = new(ObjectWriteOutcome.NoSuchKey, null);

    /// <summary>Gets a value indicating whether the upload was aborted, or its version does not exist any more.</summary>
    public bool IsGone => ReferenceEquals(this, Gone);
}
