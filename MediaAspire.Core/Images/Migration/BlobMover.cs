using System.IO.Pipelines;
using MediaAspire.Core.Cluster;
using MediaAspire.Core.Database;
using MediaAspire.Core.Files;
using MediaAspire.Core.Ids;
using MediaAspire.Core.Imaging;
using MediaAspire.Core.ObjectStore;
using Npgsql;
using NpgsqlTypes;

namespace MediaAspire.Core.Images.Migration;

/// <summary>Moves the bytes of one blob to the other store. Thread-safe.</summary>
/// <remarks>
/// The copy has a row of its own, from before its first byte to the transaction that gives it to the blob. So a process that is killed
/// leaves nothing that no row knows, and the next one continues with the copy. docs/adr/0029-store-migration.md follows every kill.
/// </remarks>
public sealed class BlobMover(
    NpgsqlDataSource database, ImageBlobs blobs, FileWriter files, ContentReader content, IObjectStore objects, ScratchDirectory scratch)
{
    private const int BufferSize = 128 * 1024;

    /// <summary>Gets an action at each step; it may throw, or never return. Set by tests.</summary>
    internal Func<MoveStep, CancellationToken, Task>? AtStep { get; init; }

    /// <summary>Moves a blob.</summary>
    /// <param name="blob">The blob, as it was listed.</param>
    /// <param name="migration">The migration.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="IOException">The bytes are damaged, in the one store or in the other.</exception>
    public async Task<MoveOutcome> MoveAsync(ImageBlob blob, ImageMigration migration, CancellationToken cancellationToken)
    {
        var copy = await FindCopyAsync(blob, migration.Target, cancellationToken);
        if (copy is null || !await IsWholeAsync(copy, cancellationToken))
        {
            copy = await CopyAsync(blob, migration, cancellationToken);
            if (copy is null)
            {
                return MoveOutcome.NotWanted;
            }

            await StepAsync(MoveStep.Copied, cancellationToken);
            if (!await IsWholeAsync(copy, cancellationToken))
            {
                throw new IOException($"The copy of blob {blob.Id} does not have its size and SHA-256.");
            }
        }

        await StepAsync(MoveStep.Verified, cancellationToken);
        var outcome = await SwitchAsync(blob, copy, migration, cancellationToken);
        await StepAsync(MoveStep.Switched, cancellationToken);
        return outcome;
    }

    /// <summary>Finds a copy that another process made.</summary>
    private async Task<ImageBlob?> FindCopyAsync(ImageBlob blob, ImageStore target, CancellationToken cancellationToken)
    {
        // The audit of the object store may take an old copy for an orphan.
        await using var command = database.CreateCommand(
            "SELECT file_id, object_key FROM image_blob_copies WHERE blob_id = $1 AND created_at > now() - interval '1 hour'");
        command.Parameters.Add(new() { Value = blob.Id.Value });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken) || reader.IsDBNull(target == ImageStore.Chunks ? 0 : 1))
        {
            return null;
        }

        return target == ImageStore.Chunks
            ? blob with { File = new FileId(reader.GetGuid(0)), ObjectKey = null, Stored = null }
            : blob with { File = null, ObjectKey = reader.GetString(1), Stored = null };
    }

    /// <returns>Null when the blob is gone, or the migration does not run any more.</returns>
    private async Task<ImageBlob?> CopyAsync(ImageBlob blob, ImageMigration migration, CancellationToken cancellationToken)
    {
        await using var bytes = new FileStream(
            scratch.NewFile(), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, bufferSize: 0,
            FileOptions.Asynchronous | FileOptions.DeleteOnClose);
        try
        {
            await ReadAsync(blob, bytes, cancellationToken);
        }
        catch (Exception failure) when (failure is BlobMissingException or FileUnavailableException or IOException)
        {
            // The image was deleted after it was listed, or another process has moved it.
            if (await blobs.FindAsync(blob.Id, cancellationToken) is { } now && now.File == blob.File && now.ObjectKey == blob.ObjectKey)
            {
                throw;
            }

            return null;
        }

        bytes.Position = 0;
        await StepAsync(MoveStep.Read, cancellationToken);
        return migration.Target == ImageStore.Chunks
            ? await PutFileAsync(blob, bytes, migration.Id, cancellationToken)
            : await PutObjectAsync(blob, bytes, migration.Id, cancellationToken);
    }

    private async Task ReadAsync(ImageBlob blob, FileStream destination, CancellationToken cancellationToken)
    {
        await using var range = await blobs.OpenAsync(blob, 0, blob.Size, cancellationToken);
        var (hash, size) = await CopyAsync(range.SendAsync, destination, cancellationToken);
        if (size != blob.Size || !blob.Sha256.Bytes.Span.SequenceEqual(hash))
        {
            throw new IOException($"The bytes of blob {blob.Id} do not have its size and SHA-256.");
        }
    }

    private async Task<ImageBlob?> PutFileAsync(ImageBlob blob, FileStream bytes, Guid migration, CancellationToken cancellationToken)
    {
        await using var upload = await files.BeginAsync(
            new NewFile("image", blob.ContentType) { Length = blob.Size, Holders = 1 }, cancellationToken);
        await upload.WriteAsync(bytes, blob.Size, cancellationToken);
        await StepAsync(MoveStep.Written, cancellationToken);

        var copy = blob with { File = upload.Id, ObjectKey = null, Stored = null };
        var isStored = await upload.TryCommitAsync(new CommitCondition(Record(copy, migration), RequireRecorded(copy)), cancellationToken);
        return isStored is null ? null : copy;
    }

    private async Task<ImageBlob?> PutObjectAsync(ImageBlob blob, FileStream bytes, Guid migration, CancellationToken cancellationToken)
    {
        var copy = blob with { File = null, ObjectKey = ImageKeys.New(blob.Id), Stored = null };
        await using (var batch = database.CreateBatch())
        {
            batch.BatchCommands.Add(Record(copy, migration));
            if (await batch.ExecuteNonQueryAsync(cancellationToken) == 0)
            {
                return null;
            }
        }

        await StepAsync(MoveStep.Recorded, cancellationToken);
        await objects.EnsureBucketAsync(cancellationToken);
        await objects.PutAsync(copy.ObjectKey!, bytes, blob.Sha256.Bytes, blob.ContentType, cancellationToken);
        return copy;
    }

    /// <summary>Adds the row of a copy, in the place of that of another copy, while the migration runs and the blob exists.</summary>
    private static NpgsqlBatchCommand Record(ImageBlob copy, Guid migration) => new(
        """
        INSERT INTO image_blob_copies AS c (blob_id, file_id, object_key)
        SELECT b.blob_id, $2, $3 FROM image_blobs b, image_migrations m
        WHERE b.blob_id = $1 AND m.migration_id = $4 AND m.state = 'running' FOR KEY SHARE OF b FOR SHARE OF m
        ON CONFLICT (blob_id) DO UPDATE SET file_id = excluded.file_id, object_key = excluded.object_key, created_at = now()
        """)
    {
        Parameters = { new() { Value = copy.Id.Value }, File(copy), Key(copy), new() { Value = migration } },
    };

    private static NpgsqlBatchCommand RequireRecorded(ImageBlob copy) => new(
        "SELECT require_met(EXISTS (SELECT FROM image_blob_copies WHERE blob_id = $1 AND file_id = $2), 'migration-stopped')")
    {
        Parameters = { new() { Value = copy.Id.Value }, File(copy) },
    };

    /// <summary>Gives the copy to the blob, if both are still what they were. Triggers release what the blob had.</summary>
    /// <remarks>
    /// The copy's row is locked before the blob has its bytes: another process that replaced the copy in between would release them. The
    /// locks are taken in the order in which <see cref="Record"/> and the deletion of a blob take theirs.
    /// </remarks>
    private async Task<MoveOutcome> SwitchAsync(
        ImageBlob blob, ImageBlob copy, ImageMigration migration, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            $"""
            WITH running AS (
                SELECT migration_id FROM image_migrations WHERE migration_id = $6 AND state = 'running' FOR NO KEY UPDATE),
            unmoved AS (
                SELECT b.blob_id FROM image_blobs b, running
                WHERE b.blob_id = $1 AND b.file_id IS NOT DISTINCT FROM $2 AND b.object_key IS NOT DISTINCT FROM $3
                FOR NO KEY UPDATE OF b),
            copy AS (
                SELECT c.* FROM image_blob_copies c, unmoved
                WHERE c.blob_id = unmoved.blob_id AND c.file_id IS NOT DISTINCT FROM $4 AND c.object_key IS NOT DISTINCT FROM $5
                FOR UPDATE OF c),
            moved AS (
                UPDATE image_blobs b SET file_id = copy.file_id, object_key = copy.object_key
                FROM copy WHERE b.blob_id = copy.blob_id AND {DatabaseRestores.NoneOpen}
                RETURNING b.blob_id, b.size),
            settled AS (DELETE FROM image_blob_copies c USING moved WHERE c.blob_id = moved.blob_id)
            UPDATE image_migrations m
            SET moved_blobs = m.moved_blobs + 1, moved_bytes = m.moved_bytes + moved.size, failures_in_row = 0
            FROM moved WHERE m.migration_id = $6
            """);
        command.Parameters.Add(new() { Value = blob.Id.Value });
        command.Parameters.Add(File(blob));
        command.Parameters.Add(Key(blob));
        command.Parameters.Add(File(copy));
        command.Parameters.Add(Key(copy));
        command.Parameters.Add(new() { Value = migration.Id });
        return await command.ExecuteNonQueryAsync(cancellationToken) > 0 ? MoveOutcome.Moved : MoveOutcome.NotWanted;
    }

    /// <summary>Reads a copy back from its store, and compares its size and its hash.</summary>
    private async Task<bool> IsWholeAsync(ImageBlob copy, CancellationToken cancellationToken)
    {
        try
        {
            byte[] hash;
            long size;
            if (copy.File is { } file)
            {
                await using var range = await content.OpenAsync(
                    new ComposedContent(copy.Size, [new ContentPart(file, 0, copy.Size, Stored: null)]), 0, copy.Size, cancellationToken);
                (hash, size) = await CopyAsync(range.SendAsync, Stream.Null, cancellationToken);
            }
            else
            {
                await using var stream = await objects.OpenReadAsync(copy.ObjectKey!, range: null, cancellationToken);
                if (stream is null)
                {
                    return false;
                }

                (hash, size) = await CopyAsync((writer, token) => stream.CopyToAsync(writer, token), Stream.Null, cancellationToken);
            }

            return size == copy.Size && copy.Sha256.Bytes.Span.SequenceEqual(hash);
        }
        catch (FileUnavailableException)
        {
            return false;
        }
    }

    private static async Task<(byte[] Hash, long Size)> CopyAsync(
        Func<PipeWriter, CancellationToken, Task> send, Stream destination, CancellationToken cancellationToken)
    {
        await using var hashing = new HashingStream(destination);
        var writer = PipeWriter.Create(hashing, new StreamPipeWriterOptions(minimumBufferSize: BufferSize, leaveOpen: true));
        await send(writer, cancellationToken);
        await writer.CompleteAsync();
        return (hashing.EndHash(), hashing.Length);
    }

    private static NpgsqlParameter File(ImageBlob blob) =>
        new() { Value = (object?)blob.File?.Value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Uuid };

    private static NpgsqlParameter Key(ImageBlob blob) => NullableParameter.Text(blob.ObjectKey);

    private Task StepAsync(MoveStep step, CancellationToken cancellationToken) =>
        AtStep?.Invoke(step, cancellationToken) ?? Task.CompletedTask;
}
