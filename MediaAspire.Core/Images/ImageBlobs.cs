using System.IO.Pipelines;
using System.Security.Cryptography;
using MediaAspire.Core.Checksums;
using MediaAspire.Core.Files;
using MediaAspire.Core.Ids;
using MediaAspire.Core.ObjectStore;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace MediaAspire.Core.Images;

/// <summary>The bytes of images and variants, in the chunk store or the object store. Thread-safe.</summary>
public sealed class ImageBlobs(
    NpgsqlDataSource database,
    FileWriter files,
    FileCatalog catalog,
    ContentReader content,
    IObjectStore objects,
    IOptionsMonitor<ImageOptions> options,
    IOptions<UploadOptions> uploads,
    TimeProvider time,
    ILogger<ImageBlobs> logger)
{
    private const int BufferSize = 128 * 1024;

    /// <summary>Finds the store of new blobs: the target of the last migration, or the one of the configuration.</summary>
    public async Task<ImageStore> FindCurrentStoreAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("SELECT value FROM image_settings WHERE key = 'store'");
        return await command.ExecuteScalarAsync(cancellationToken) is string store ? StoreNames.Parse(store) : options.CurrentValue.Store;
    }

    /// <summary>Writes a local file durably to the current store. Nothing refers to the bytes until the result is committed.</summary>
    /// <param name="path">A file with at least one byte, which nobody changes meanwhile.</param>
    /// <param name="contentType">The media type of the bytes.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="FileWriteException">The storage servers failed.</exception>
    /// <exception cref="ObjectStoreException">The object store failed.</exception>
    public async Task<StagedBlob> StageAsync(string path, string contentType, CancellationToken cancellationToken) =>
        await StageAsync(await FindCurrentStoreAsync(cancellationToken), BlobId.New(time), path, contentType, cancellationToken);

    /// <summary>Writes a local file durably to a store.</summary>
    /// <inheritdoc cref="StageAsync(string, string, CancellationToken)"/>
    public async Task<StagedBlob> StageAsync(
        ImageStore store, BlobId id, string path, string contentType, CancellationToken cancellationToken)
    {
        await using var source = new FileStream(
            path, FileMode.Open, FileAccess.Read, FileShare.Read, BufferSize, FileOptions.Asynchronous | FileOptions.SequentialScan);
        return store == ImageStore.Chunks
            ? await StageFileAsync(id, source, contentType, cancellationToken)
            : await StageObjectAsync(id, source, contentType, cancellationToken);
    }

    /// <summary>Makes a blob of a file that another row holds. The owner's statements take the file from that row.</summary>
    public StagedBlob Adopt(FileId file, string contentType, long size, Sha256Digest sha256) =>
        StageRow(new ImageBlob(BlobId.New(time), contentType, size, sha256) { File = file });

    /// <summary>Finds a blob as it is now.</summary>
    public async Task<ImageBlob?> FindAsync(BlobId id, CancellationToken cancellationToken)
    {
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(new($"SELECT {BlobRows.Columns} FROM image_blobs b WHERE b.blob_id = $1")
        {
            Parameters = { new() { Value = id.Value } },
        });
        batch.BatchCommands.Add(
            BlobRows.SelectChunks("SELECT b.file_id FROM image_blobs b WHERE b.blob_id = $1", new NpgsqlParameter { Value = id.Value }));
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? await BlobRows.ReadChunksAsync(reader, BlobRows.Read(reader, 0), cancellationToken)
            : null;
    }

    /// <summary>Finds out whether the bytes of a blob are gone from the place where it was found.</summary>
    /// <returns>
    /// <see langword="true"/> when the file or the object does not exist, has another size, or a chunk has no copy left. Servers that are
    /// offline do not count: their copies exist.
    /// </returns>
    /// <exception cref="ObjectStoreException">The object store failed.</exception>
    public async Task<bool> IsMissingAsync(ImageBlob blob, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(blob);

        if (blob.File is { } file)
        {
            return await catalog.FindHeldAsync(file, cancellationToken) is not { } stored
                || stored.Chunks.Sum(chunk => chunk.Size) != blob.Size
                || stored.Chunks.Any(chunk => !chunk.Copies.Any(copy => copy.IsReadable));
        }

        return await objects.HeadAsync(blob.ObjectKey!, cancellationToken) is not { } found || found.Length != blob.Size;
    }

    /// <summary>Opens a range for sending. The first bytes are read before this returns, so that a failure can still be answered.</summary>
    /// <param name="blob">The blob. If it was moved to the other store since it was looked up, its new place is looked up once.</param>
    /// <param name="offset">First byte wanted, from 0 to the blob's size.</param>
    /// <param name="length">Number of bytes wanted; 0 is legal.</param>
    /// <param name="cancellationToken">Ends this call and the sending.</param>
    /// <exception cref="FileUnavailableException">No copy can be read now, or the bytes were collected.</exception>
    /// <exception cref="BlobMissingException">The bytes are gone.</exception>
    /// <exception cref="ObjectStoreException">The object store failed.</exception>
    public async Task<BlobRange> OpenAsync(ImageBlob blob, long offset, long length, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(blob);
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset + length, blob.Size);

        Exception? missing;
        try
        {
            if (await TryOpenAsync(blob, offset, length, cancellationToken) is { } range)
            {
                return range;
            }

            missing = null;
        }
        catch (FileUnavailableException failure)
        {
            missing = failure;
        }

        if (await FindAsync(blob.Id, cancellationToken) is not { } now
            || (now.File == blob.File && now.ObjectKey == blob.ObjectKey && missing is null))
        {
            throw new BlobMissingException(blob.Id, missing);
        }

        return await TryOpenAsync(now, offset, length, cancellationToken) ?? throw new BlobMissingException(blob.Id, missing);
    }

    /// <summary>Writes all bytes of a blob to a new local file, and verifies their hash.</summary>
    /// <inheritdoc cref="OpenAsync"/>
    /// <param name="blob">The blob.</param>
    /// <param name="path">The file, which does not exist.</param>
    /// <param name="cancellationToken">Ends the call. The file may exist in part.</param>
    public async Task CopyToAsync(ImageBlob blob, string path, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(blob);

        await using var file = new ScratchCopy(path);
        await using (var range = await OpenAsync(blob, 0, blob.Size, cancellationToken))
        {
            var writer = PipeWriter.Create(file, new StreamPipeWriterOptions(minimumBufferSize: BufferSize, leaveOpen: true));
            await range.SendAsync(writer, cancellationToken);
            await writer.CompleteAsync();
        }

        if (!file.EndHash().Equals(blob.Sha256))
        {
            throw new IOException($"The bytes of blob {blob.Id} do not have its SHA-256.");
        }
    }

    private async Task<BlobRange?> TryOpenAsync(ImageBlob blob, long offset, long length, CancellationToken cancellationToken)
    {
        if (blob.File is { } file)
        {
            var composed = new ComposedContent(blob.Size, [new ContentPart(file, 0, blob.Size, blob.Stored)]);
            return new(await content.OpenAsync(composed, offset, length, cancellationToken));
        }

        if (length == 0)
        {
            return new(Stream.Null, 0);
        }

        var stream = await objects.OpenReadAsync(blob.ObjectKey!, new ObjectRange(offset, length), cancellationToken);
        return stream is null ? null : new(stream, length);
    }

    private async Task<StagedBlob> StageFileAsync(BlobId id, FileStream source, string contentType, CancellationToken cancellationToken)
    {
        var upload = await files.BeginAsync(
            new NewFile("image", contentType) { Length = source.Length, Holders = 1 }, cancellationToken);
        try
        {
            await upload.WriteAsync(source, source.Length, cancellationToken);
            return new StagedFile(new ImageBlob(id, contentType, upload.Size, upload.Sha256!) { File = upload.Id }, upload);
        }
        catch
        {
            await upload.DisposeAsync();
            throw;
        }
    }

    private async Task<StagedBlob> StageObjectAsync(BlobId id, FileStream source, string contentType, CancellationToken cancellationToken)
    {
        var sha256 = new Sha256Digest(await SHA256.HashDataAsync(source, cancellationToken));
        source.Position = 0;
        var staged = StageRow(new ImageBlob(id, contentType, source.Length, sha256) { ObjectKey = ImageKeys.New(id) });
        try
        {
            await objects.EnsureBucketAsync(cancellationToken);
            await objects.PutAsync(staged.Blob.ObjectKey!, source, sha256.Bytes, contentType, cancellationToken);
            return staged;
        }
        catch
        {
            // The store may have received the object all the same.
            await staged.DisposeAsync();
            throw;
        }
    }

    private StagedRow StageRow(ImageBlob blob) => new(blob, database, uploads.Value.CleanUpTimeout, logger);
}
