using MediaAspire.Core.Checksums;
using MediaAspire.Core.Files;
using MediaAspire.Core.Ids;
using MediaAspire.Core.Objects;
using MediaAspire.Core.Quotas;
using Microsoft.Extensions.Options;
using Npgsql;

namespace MediaAspire.Core.Uploads;

/// <summary>Makes versions of objects of uploads: their pieces become its parts, or its only file, and no byte is copied.</summary>
internal sealed class ObjectResults(
    NpgsqlDataSource database, FileWriter files, IOptionsMonitor<UploadSessionOptions> options, TimeProvider time)
{
    public async Task<ResultMade> MakeAsync(
        UploadSession session, ObjectTarget target, IReadOnlyList<UploadPiece> pieces, CancellationToken cancellationToken)
    {
        if (pieces.Count == 0)
        {
            return await MakeEmptyAsync(session, target, cancellationToken);
        }

        var version = Describe(target, pieces);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        try
        {
            await using (var write = new NpgsqlBatch(connection, transaction))
            {
                // The bucket first, as the deletion of a bucket locks it.
                write.BatchCommands.Add(new("SELECT FROM buckets WHERE bucket_id = $1 FOR KEY SHARE")
                {
                    Parameters = { new() { Value = target.Bucket.Value } },
                });
                write.BatchCommands.Add(new("SELECT take_parts($1)") { Parameters = { new() { Value = session.Id.Value } } });

                // The bytes of the upload have been counted; now they are the object's. Those of a concatenation were freed with its parts.
                var counted = session.Parts.Count == 0 ? session.Offset : 0;
                write.BatchCommands.Add(VersionStatements.Write(target.Bucket, version, target.Conditions, counted));
                var outcome = await ReadOutcomeAsync(write, cancellationToken);
                if (outcome != ObjectWriteOutcome.Written)
                {
                    return new() { Failure = Refused(outcome) };
                }
            }

            await using var rest = new NpgsqlBatch(connection, transaction);
            if (version.PartCount is not null)
            {
                rest.BatchCommands.Add(VersionStatements.InsertParts(
                    version.Id,
                    [.. pieces.Select((piece, index) => new ObjectPart(index + 1, piece.Offset, piece.Size, piece.Checksum, piece.File))]));
            }

            rest.BatchCommands.Add(Finish(session, version, isFreed: true));
            await rest.ExecuteNonQueryAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }
        catch (PostgresException failure) when (QuotaRefusal.From(failure) is { } refusal)
        {
            throw new QuotaExceededException(refusal, failure);
        }
        catch (PostgresException failure) when (failure is { SqlState: "MA002", ConstraintName: "gone" })
        {
            // Another process has made the result.
        }

        return ResultMade.Made;
    }

    private static async Task<ObjectWriteOutcome> ReadOutcomeAsync(NpgsqlBatch batch, CancellationToken cancellationToken)
    {
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return ObjectWriteOutcomes.Parse(reader.GetString(0));
    }

    private NewVersion Describe(ObjectTarget target, IReadOnlyList<UploadPiece> pieces)
    {
        var isOne = pieces.Count == 1;
        return new(
            VersionId.New(time),
            target.Key,
            target.Attributes with { Checksum = ChecksumOf(target, pieces) },
            pieces.Sum(piece => piece.Size),
            isOne
                ? pieces[0].ETag!
                : PartDigests.ComposeETag(pieces.Select(piece => (ReadOnlyMemory<byte>)Convert.FromHexString(piece.ETag!))))
        {
            File = isOne ? pieces[0].File : null,
            PartCount = isOne ? null : pieces.Count,
            Origin = isOne ? VersionOrigin.Put : VersionOrigin.CompleteMultipartUpload,
        };
    }

    /// <returns><see langword="null"/> for an upload that S3's protocol has begun without checksums: the first pieces have none.</returns>
    private static StoredChecksum? ChecksumOf(ObjectTarget target, IReadOnlyList<UploadPiece> pieces)
    {
        if (target.Attributes.Checksum is null && pieces.Any(piece => piece.Checksum is null))
        {
            return null;
        }

        var algorithm = PieceDigests.AlgorithmOf(target);
        var checksums = pieces.Select(piece => Checksum.TryParse(algorithm, piece.Checksum, out var checksum)
            ? checksum
            : throw new InvalidOperationException($"Piece {piece.File} has no {algorithm.WireName}.")).ToList();
        var whole = pieces.Count == 1 ? new ObjectChecksum(checksums[0])
            : target.Attributes.Checksum is { Type: "COMPOSITE" } || algorithm is ChecksumAlgorithm.Sha1 or ChecksumAlgorithm.Sha256
                ? PartDigests.Compose(algorithm, checksums)
                : PartDigests.Combine(algorithm, checksums.Zip(pieces, (checksum, piece) => (checksum, piece.Size)));
        return new(algorithm.WireName, whole.Type.WireName, whole.ToString());
    }

    private async Task<ResultMade> MakeEmptyAsync(UploadSession session, ObjectTarget target, CancellationToken cancellationToken)
    {
        var algorithm = PieceDigests.AlgorithmOf(target);
        using var digests = new PieceDigests(target);
        var (etag, checksum) = digests.Read();
        await using var file = await files.BeginAsync(
            new NewFile(target.Key, target.Attributes.ContentType) { Length = 0, Holders = 1 }, cancellationToken);
        await file.WriteAsync(Stream.Null, 0, cancellationToken);
        var version = new NewVersion(
            VersionId.New(time),
            target.Key,
            target.Attributes with { Checksum = new(algorithm.WireName, ChecksumType.FullObject.WireName, checksum) },
            0,
            etag!)
        {
            File = file.Id,
        };
        var condition = new CommitCondition(
            VersionStatements.RequireWritten(target.Bucket, seen: null, version, target.Conditions),
            Finish(session, version, isFreed: false));
        return await file.TryCommitAsync(condition, cancellationToken) is not null || condition.Reason == "gone"
            ? ResultMade.Made
            : new() { Failure = Refused(ObjectWriteOutcomes.Parse(condition.Reason)) };
    }

    private NpgsqlBatchCommand Finish(UploadSession session, NewVersion version, bool isFreed) =>
        new("SELECT finish_upload($1, $2, $3, $4)")
        {
            Parameters =
            {
                new() { Value = session.Id.Value },
                UploadRows.Json<UploadResult>(new ObjectResult(version.Id, version.ETag), UploadJson.Default.UploadResult),
                new() { Value = options.CurrentValue.FinishedKeptFor }, new() { Value = isFreed },
            },
        };

    private static UploadFailure Refused(ObjectWriteOutcome outcome) => outcome switch
    {
        ObjectWriteOutcome.NoSuchBucket or ObjectWriteOutcome.BucketChanged =>
            new(UploadFailureCodes.TargetRefused, "The bucket does not exist any more."),
        ObjectWriteOutcome.NoSuchKey =>
            new(UploadFailureCodes.PreconditionFailed, "The key has no current object, which If-Match requires."),
        _ => new(UploadFailureCodes.PreconditionFailed, "The current object of the key does not meet the condition of the upload."),
    };
}
