using System.IO.Pipelines;
using MediaAspire.Core.Imaging;
using MediaAspire.Core.Media;
using MediaAspire.Core.Media.Uploads;
using MediaAspire.Core.ObjectStore;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace MediaAspire.Core.Uploads;

/// <summary>Writes the bytes of uploads to the object store, as parts of media items. Only workers do this: it takes long.</summary>
/// <remarks>
/// Killed at any point, the next attempt writes the object again. The item decides by the object, as after an upload to a signed address,
/// so that a part which another client has uploaded meanwhile stays.
/// </remarks>
public sealed partial class MediaPartResults(
    NpgsqlDataSource database,
    IMediaStore store,
    IObjectStore objects,
    IUploadFinisher finisher,
    CreateMedia create,
    ScratchDirectory scratch,
    IOptions<MediaUploadOptions> media,
    IOptionsMonitor<UploadSessionOptions> options,
    ILogger<MediaPartResults> logger)
{
    /// <summary>The largest object that is written by one request, in bytes: it is a local file before.</summary>
    private const long LargestPut = 64 << 20;

    internal async Task<ResultMade> MakeAsync(
        UploadSession session, UploadContent content, IReadOnlyList<UploadPiece> pieces, CancellationToken cancellationToken)
    {
        if (session.Target is not MediaPartTarget target)
        {
            var wanted = (NewMediaTarget)session.Target;
            if (await CreateAsync(session, wanted, cancellationToken) is { } refusal)
            {
                return Refused(refusal);
            }

            target = new(wanted.Item, 1);
        }

        var item = await store.FindAsync(target.Item, cancellationToken);
        if (item is not { RemovedAt: null } || item.Parts.FirstOrDefault(each => each.Number == target.Number) is not { } part)
        {
            return Refused($"Part {target.Number} of media item {target.Item} does not exist any more.");
        }

        if (part.Size != session.Offset || !part.Sha256.Equals(session.Sha256))
        {
            return Refused(
                $"Part {part.Number} has {part.Size} bytes with the SHA-256 {part.Sha256}. "
                + $"The upload has {session.Offset} bytes with {session.Sha256}.");
        }

        if (part.State == MediaPartState.Pending)
        {
            await content.ReadAsync(
                session,
                pieces,
                (source, token) => part is { Size: <= LargestPut, MultipartId: null }
                    ? PutAsync(part, source, token)
                    : PutPartsAsync(part, source, token),
                cancellationToken);
            var outcome = await finisher.FinishAsync(part.ObjectKey, cancellationToken);
            if (outcome.State is FinishState.Refused or FinishState.Unknown)
            {
                return Refused($"Media item {target.Item} refused its part {part.Number}: {outcome.Code ?? "it does not exist any more"}.");
            }
        }

        await EndAsync(session, target, cancellationToken);
        return ResultMade.Made;
    }

    private static ResultMade Refused(string reason) => new() { Failure = new(UploadFailureCodes.TargetRefused, reason) };

    /// <summary>Creates the item of an upload, unless an earlier attempt has created it.</summary>
    /// <returns>The reason of a refusal, in a sentence; <see langword="null"/> when the item exists.</returns>
    /// <exception cref="Quotas.QuotaExceededException">The item does not fit into the owner's quota.</exception>
    private async Task<string?> CreateAsync(UploadSession session, NewMediaTarget wanted, CancellationToken cancellationToken)
    {
        if (await store.FindAsync(wanted.Item, cancellationToken) is not null)
        {
            return null;
        }

        var input = wanted.Input with { ContentType = wanted.ContentType, Size = session.Offset, Sha256 = $"{session.Sha256}" };
        if (!NewMediaRules.TryParse(input, media.Value, out var item, out var fault))
        {
            return $"The field '{fault.Field}' of the media item {fault.Reason}.";
        }

        // The declared bytes of the item count from now on, and must not count twice.
        await using (var free = database.CreateCommand("SELECT free_upload($1)"))
        {
            free.Parameters.Add(new() { Value = session.Id.Value });
            await free.ExecuteNonQueryAsync(cancellationToken);
        }

        return await create.CreateAsync(wanted.Item, wanted.Owner, item, cancellationToken) switch
        {
            CreateResult.Created => null,
            CreateResult.AliasTaken { Conflict: { } conflict } => $"Item {conflict.Id} of owner '{conflict.Owner}' has the alias already.",
            var other => throw new InvalidOperationException($"{other} is not a result of creating media without references."),
        };
    }

    private async Task PutAsync(MediaPart part, PipeReader source, CancellationToken cancellationToken)
    {
        await using var file = await ReceiveAsync(source, part.Size, cancellationToken);
        await objects.PutAsync(part.ObjectKey, file, part.Sha256.Bytes, part.ContentType, cancellationToken);
    }

    private async Task PutPartsAsync(MediaPart part, PipeReader source, CancellationToken cancellationToken)
    {
        // An upload that the item waits for is completed when the item is finished; another one here.
        var upload = part.MultipartId ?? await objects.BeginMultipartAsync(part.ObjectKey, part.ContentType, cancellationToken);
        var plan = MultipartPlan.Of(part.Size, media.Value.MultipartSize);
        var parts = new List<UploadedPart>();
        var isComplete = false;
        try
        {
            for (var number = 1; number <= plan.Count; number++)
            {
                await using var file = await ReceiveAsync(source, plan.LengthOf(number), cancellationToken);
                parts.Add(await objects.PutPartAsync(part.ObjectKey, upload, number, file, cancellationToken));
                LogProgress(part.ObjectKey, number, plan.Count);
            }

            isComplete = part.MultipartId is not null
                || await objects.CompleteMultipartAsync(part.ObjectKey, upload, parts, cancellationToken);
        }
        finally
        {
            if (!isComplete && part.MultipartId is null)
            {
                await AbortAsync(part.ObjectKey, upload);
            }
        }
    }

    /// <summary>Receives bytes into a temporary file, which is removed when it is closed.</summary>
    private async Task<FileStream> ReceiveAsync(PipeReader source, long length, CancellationToken cancellationToken)
    {
        var file = new FileStream(
            scratch.NewFile(),
            FileMode.CreateNew,
            FileAccess.ReadWrite,
            FileShare.None,
            bufferSize: 0,
            FileOptions.Asynchronous | FileOptions.DeleteOnClose);
        try
        {
            for (var left = length; left > 0;)
            {
                var read = await source.ReadAsync(cancellationToken);
                var taken = read.Buffer.Slice(0, Math.Min(left, read.Buffer.Length));
                foreach (var segment in taken)
                {
                    await file.WriteAsync(segment, cancellationToken);
                }

                left -= taken.Length;
                source.AdvanceTo(taken.End);
                if (read.IsCompleted && taken.IsEmpty)
                {
                    throw new InvalidOperationException($"An upload ended {left} bytes early.");
                }
            }

            file.Position = 0;
            return file;
        }
        catch
        {
            await file.DisposeAsync();
            throw;
        }
    }

    private async Task EndAsync(UploadSession session, MediaPartTarget target, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("SELECT replace_upload($1, $2, $3)");
        command.Parameters.Add(new() { Value = session.Id.Value });
        command.Parameters.Add(
            UploadRows.Json<UploadResult>(new MediaPartResult(target.Item, target.Number), UploadJson.Default.UploadResult));
        command.Parameters.Add(new() { Value = options.CurrentValue.FinishedKeptFor });
        try
        {
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
        catch (PostgresException failure) when (failure is { SqlState: "MA002", ConstraintName: "gone" })
        {
            // Another worker has made the result.
        }
    }

    private async Task AbortAsync(string key, string upload)
    {
        try
        {
            await objects.AbortMultipartAsync(key, upload, CancellationToken.None);
        }
        catch (ObjectStoreException failure)
        {
            LogNotAborted(key, failure.Message);
        }
    }

    [LoggerMessage(LogLevel.Information, "Wrote {Number} of {Count} parts of object {ObjectKey}")]
    private partial void LogProgress(string objectKey, int number, int count);

    [LoggerMessage(LogLevel.Warning, "Aborting the unused upload of {ObjectKey} failed, and is left to the audit: {Reason}")]
    private partial void LogNotAborted(string objectKey, string reason);
}
