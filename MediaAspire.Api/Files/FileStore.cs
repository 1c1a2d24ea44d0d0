using MediaAspire.Core.Checksums;
using MediaAspire.Core.Files;
using MediaAspire.Core.Ids;
using MediaAspire.Core.Quotas;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace MediaAspire.Api.Files;

/// <summary>Stores uploaded files, for every route: checks the hash, makes the file visible, creates the response.</summary>
internal sealed partial class FileStore(FileWriter writer, QuotaGate quotas, IOptions<FileOptions> options, ILogger<FileStore> logger)
{
    public long MaxSize => options.Value.MaxSize;

    /// <summary>Sends the bytes to the nodes; the caller commits or disposes the upload.</summary>
    /// <param name="file">The file.</param>
    /// <param name="body">Its bytes.</param>
    /// <param name="room">The most bytes that its owner's quota allowed before; a longer body is not read to its end.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="FileWriteException">The body is too long or not as long as declared, or the nodes failed.</exception>
    /// <exception cref="QuotaExceededException">The body is longer than the owner's quota allows.</exception>
    public async Task<FileUpload> ReceiveAsync(NewFile file, Stream body, long room, CancellationToken cancellationToken)
    {
        var upload = await writer.BeginAsync(file, cancellationToken);
        try
        {
            await upload.WriteAsync(body, Math.Min(MaxSize, room), cancellationToken);
            return upload;
        }
        catch (FileWriteException tooLarge) when (tooLarge.Failure == FileWriteFailure.TooLarge && room < MaxSize)
        {
            await upload.DisposeAsync();
            await quotas.RequireAsync(file.Owner!.Value, room + 1, objects: 1, cancellationToken);

            // Room was made while the body came.
            throw;
        }
        catch
        {
            await upload.DisposeAsync();
            throw;
        }
    }

    /// <summary>Makes an upload visible when its bytes have every hash that was declared.</summary>
    public async Task<Results<Created<FileResponse>, ProblemHttpResult>> CommitAsync(
        FileUpload upload, IEnumerable<Sha256Digest> declared, HttpResponse response, CancellationToken cancellationToken)
    {
        // Not null: every upload of this API computes it, because the response contains it.
        var sha256 = upload.Sha256!;
        foreach (var digest in declared)
        {
            if (!digest.Equals(sha256))
            {
                return FileErrors.ChecksumMismatch(digest, sha256);
            }
        }

        var file = await upload.CommitAsync(cancellationToken);
        LogStored(logger, file.Id, file.Size, file.Chunks);

        response.GetTypedHeaders().ETag = FileTags.Of(file.Id, sha256);
        return TypedResults.Created(
            $"/files/{file.Id}",
            new FileResponse(file.Id.Value, file.Filename, file.ContentType, file.Size, sha256.ToString(), file.Chunks));
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "Stored file {FileId}: {Size} bytes in {Chunks} chunks")]
    private static partial void LogStored(ILogger logger, FileId fileId, long size, int chunks);
}
