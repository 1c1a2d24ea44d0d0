using MediaAspire.Core.Ids;
using MediaAspire.Core.Multipart;
using MediaAspire.Core.Objects;
using Npgsql;

namespace MediaAspire.Core.Uploads;

/// <summary>Hands uploads over between S3's protocol, whose bytes come as parts, and the others, whose bytes come at an offset.</summary>
/// <remarks>
/// An upload has rows in one of the two ledgers at any time, under the same id; a hand-over moves them in one transaction, and no byte.
/// </remarks>
internal sealed class MultipartContinuation(NpgsqlDataSource database, UploadCatalog catalog) : IMultipartSource
{
    /// <summary>Gets an upload in parts of S3 as the other protocols see it.</summary>
    public static UploadSession Show(MultipartProgress progress)
    {
        var upload = progress.Upload;
        return new(
            new UploadSessionId(upload.Id.Value),
            new ObjectTarget(upload.Bucket, upload.Key, upload.Attributes),
            UploadSessionState.Receiving,
            progress.BytesWithoutGap)
        {
            Owner = new OwnerId(upload.Attributes.OwnerId),
            Initiator = upload.InitiatorId,
            Metadata = new Dictionary<string, string>
            {
                ["bucket"] = progress.BucketName,
                ["key"] = upload.Key,
                ["contentType"] = upload.Attributes.ContentType,
            },
            MaxLength = long.MaxValue,
            Received = progress.Bytes,
            StoredParts = progress.Parts,
            IsS3 = true,
            CreatedAt = upload.InitiatedAt,
            ModifiedAt = progress.ModifiedAt,
        };
    }

    /// <inheritdoc/>
    public async Task<bool> ContinueInPartsAsync(BucketId bucket, string key, UploadId id, CancellationToken cancellationToken)
    {
        // What S3 cannot judge stays with the protocols that can.
        if (await catalog.FindAsync(new(id.Value), cancellationToken)
                is not { State: UploadSessionState.Receiving, IsPartial: false, DeclaredSha256: null } session
            || session.Target is not ObjectTarget target || target.Bucket != bucket || target.Key != key
            || target.Conditions != ObjectConditions.None)
        {
            return false;
        }

        // Without a wanted checksum there is none: pieces that S3's protocol has sent before may lack it.
        var attributes = target.Attributes with
        {
            Checksum = target.Attributes.Checksum is { } wanted ? wanted with { Value = null } : null,
        };

        // The owner of the object counts as the initiator, who may list the parts and abort.
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(MultipartCatalog.Continue(id, bucket, key, attributes, attributes.OwnerId));
        batch.BatchCommands.Add(new("SELECT continue_in_parts($1)") { Parameters = { new() { Value = id.Value } } });
        try
        {
            await batch.ExecuteNonQueryAsync(cancellationToken);
            return true;
        }
        catch (PostgresException taken) when (taken.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            // Another request has done it meanwhile.
            return true;
        }
        catch (PostgresException gone) when (
            gone is { SqlState: "MA002", ConstraintName: "gone" } or { SqlState: PostgresErrorCodes.ForeignKeyViolation })
        {
            // It was completed or cancelled meanwhile, or its bucket was deleted.
            return false;
        }
    }
}
