using System.IO.Pipelines;
using MediaAspire.Core.Files;
using MediaAspire.Core.Ids;
using Microsoft.Extensions.Options;

namespace MediaAspire.Core.Images.Uploads;

/// <summary>Makes uploads of files that the platform has already. Thread-safe.</summary>
public sealed class ImageImport(ImageUploads uploads, FileCatalog files, FileReader reader, IOptionsMonitor<ImageUploadOptions> options)
{
    /// <summary>Copies a file into an upload. The file itself stays, and may be deleted afterwards.</summary>
    /// <param name="source">A visible file without holders.</param>
    /// <param name="owner">The owner of the alias; <see langword="null"/> for none.</param>
    /// <param name="wishes">What the request asks for.</param>
    /// <param name="cancellationToken">Ends the call; nothing is kept.</param>
    /// <returns>
    /// A value indicating whether the file was found, and the upload; <see langword="null"/> for a file without bytes.
    /// </returns>
    /// <exception cref="FileWriteException">The file is too long, or the storage servers failed.</exception>
    /// <exception cref="FileUnavailableException">The file cannot be read now.</exception>
    public async Task<(bool IsFound, ImageUploadId? Upload)> ReceiveAsync(
        FileId source, OwnerId? owner, UploadWishes wishes, CancellationToken cancellationToken)
    {
        if (await files.FindAsync(source, cancellationToken) is not { } file)
        {
            return (false, null);
        }

        await using var range = await reader.OpenAsync(file, 0, file.Size, cancellationToken);
        var pipe = new Pipe();
        await using var body = pipe.Reader.AsStream();
        var sending = SendAsync(range, pipe.Writer, cancellationToken);
        try
        {
            var upload = await uploads.ReceiveAsync(owner, wishes, body, options.CurrentValue.MaxSize, file.Size, cancellationToken);
            return (true, upload);
        }
        finally
        {
            // Ends the sending of a file that was refused. A failure of the sending was thrown by the reading of the body.
            await pipe.Reader.CompleteAsync();
            await sending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static async Task SendAsync(FileRange range, PipeWriter writer, CancellationToken cancellationToken)
    {
        try
        {
            await range.SendAsync(writer, cancellationToken);
            await writer.CompleteAsync();
        }
        catch (Exception failure)
        {
            await writer.CompleteAsync(failure);
            throw;
        }
    }
}
