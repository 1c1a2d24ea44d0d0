using MediaAspire.Core.Chunks;
using MediaAspire.Core.Files;
using MediaAspire.Core.Ids;
using MediaAspire.Core.Images.Uploads;
using MediaAspire.Core.Quotas;
using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;

namespace MediaAspire.Core.Uploads;

/// <summary>Makes the results of uploads, each in the transaction that ends its upload.</summary>
internal sealed partial class UploadResults(
    NpgsqlDataSource database,
    FileWriter files,
    UploadContent content,
    ImageUploads images,
    IOptions<ChunkOptions> chunks,
    IOptionsMonitor<UploadSessionOptions> options,
    TimeProvider time)
{
    private const string Gone = "gone";

    /// <summary>Makes one file of the pieces, without touching their bytes.</summary>
    /// <returns><see langword="false"/> when other uploads hold the pieces: the bytes have to be copied.</returns>
    /// <exception cref="QuotaExceededException">The file does not fit into a quota.</exception>
    public async Task<bool> TryJoinAsync(UploadSession session, CancellationToken cancellationToken)
    {
        var file = FileId.New(time);
        var (name, type, result) = Describe(session.Target, file);
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(new("SELECT join_upload($1, $2, $3, $4, $5, $6, $7, $8, $9)")
        {
            Parameters =
            {
                new() { Value = session.Id.Value }, new() { Value = file.Value }, new() { Value = name }, new() { Value = type },
                new() { Value = chunks.Value.Copies },
                new() { Value = session.Target is FileTarget ? DBNull.Value : 1, NpgsqlDbType = NpgsqlDbType.Integer },
                UploadRows.Bytes(session.Sha256), UploadRows.Json(result, UploadJson.Default.UploadResult),
                new() { Value = options.CurrentValue.FinishedKeptFor },
            },
        });
        AddImage(batch.BatchCommands, session, result, file);
        try
        {
            await batch.ExecuteNonQueryAsync(cancellationToken);
        }
        catch (PostgresException failure) when (QuotaRefusal.From(failure) is { } refusal)
        {
            throw new QuotaExceededException(refusal, failure);
        }
        catch (PostgresException failure) when (failure is { SqlState: "MA002", ConstraintName: "shared" })
        {
            return false;
        }
        catch (PostgresException failure) when (failure is { SqlState: "MA002", ConstraintName: Gone })
        {
            // Another process has made the result.
            return true;
        }

        await EnqueueImageAsync(result, cancellationToken);
        return true;
    }

    /// <summary>Writes the bytes again, as one file.</summary>
    /// <exception cref="FileUnavailableException">Bytes cannot be read now.</exception>
    /// <exception cref="FileWriteException">The storage servers failed.</exception>
    public async Task<ResultMade> CopyAsync(
        UploadSession session, IReadOnlyList<UploadPiece> pieces, CancellationToken cancellationToken)
    {
        var (name, type, _) = Describe(session.Target, default);
        var isFile = session.Target is FileTarget;
        await using var file = await files.BeginAsync(
            new NewFile(name, type)
            {
                Length = session.Offset,
                Holders = isFile ? null : 1,
                Owner = isFile ? session.Owner : null,
                NeedsSha256 = isFile,
            },
            cancellationToken);
        await content.ReadAsync(
            session, pieces, (source, token) => file.WriteAsync(source.AsStream(), long.MaxValue, token), cancellationToken);
        if (session.Sha256 is { } known && file.Sha256 is { } copied && !known.Equals(copied))
        {
            throw new InvalidOperationException($"The copy of upload {session.Id} has the SHA-256 {copied}, not {known}.");
        }

        var (_, _, result) = Describe(session.Target, file.Id);
        var statements = new List<NpgsqlBatchCommand>
        {
            new("SELECT replace_upload($1, $2, $3)")
            {
                Parameters =
                {
                    new() { Value = session.Id.Value }, UploadRows.Json(result, UploadJson.Default.UploadResult),
                    new() { Value = options.CurrentValue.FinishedKeptFor },
                },
            },
        };
        AddImage(statements, session, result, file.Id);
        if (await file.TryCommitAsync(new CommitCondition(statements), cancellationToken) is not null)
        {
            await EnqueueImageAsync(result, cancellationToken);
        }

        return ResultMade.Made;
    }

    private static (string Name, string Type, UploadResult Result) Describe(UploadTarget target, FileId file) => target is FileTarget wanted
        ? (wanted.Filename, wanted.ContentType, new FileResult(file))
        : ("image", "application/octet-stream", new ImageResult(ImageUploadId.New()));

    private void AddImage(IList<NpgsqlBatchCommand> statements, UploadSession session, UploadResult result, FileId file)
    {
        if (session.Target is ImageTarget image && result is ImageResult made)
        {
            statements.Add(images.Insert(made.Upload, session.Owner, image.Wishes, file));
        }
    }

    private async Task EnqueueImageAsync(UploadResult result, CancellationToken cancellationToken)
    {
        if (result is ImageResult made)
        {
            await images.EnqueueAsync(made.Upload, cancellationToken);
        }
    }
}
