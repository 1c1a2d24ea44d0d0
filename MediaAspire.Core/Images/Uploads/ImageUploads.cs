using System.Text.Json;
using MediaAspire.Core.Database;
using MediaAspire.Core.Files;
using MediaAspire.Core.Ids;
using MediaAspire.Core.Imaging;
using MediaAspire.Core.Jobs;
using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;

namespace MediaAspire.Core.Images.Uploads;

/// <summary>The uploads of images, from their bytes to the claim of their results. Thread-safe.</summary>
/// <remarks>
/// The bytes are a file that the upload's row holds, from one transaction on. A job makes the image; the row tells its result until it is
/// claimed, once. The claim makes the delete token, so that only its hash is ever stored.
/// </remarks>
public sealed class ImageUploads(
    NpgsqlDataSource database,
    FileWriter files,
    IJobQueue jobs,
    WorkSignals signals,
    IOptionsMonitor<ImageUploadOptions> options,
    TimeProvider time)
{
    /// <summary>Gets the key by which the end of an upload is signalled.</summary>
    public static string SignalOf(ImageUploadId upload) => $"upload:{upload}";

    /// <summary>Receives the bytes of an upload, durably. Its image is not made yet, see <see cref="EnqueueAsync"/>.</summary>
    /// <param name="owner">The owner of the alias; <see langword="null"/> for none.</param>
    /// <param name="wishes">What the request asks for.</param>
    /// <param name="body">The bytes.</param>
    /// <param name="maxSize">The most bytes accepted.</param>
    /// <param name="estimatedLength">An estimate of the length in bytes.</param>
    /// <param name="cancellationToken">Ends the call; nothing is kept.</param>
    /// <returns>The upload; <see langword="null"/> for a body without bytes, of which nothing is kept.</returns>
    /// <exception cref="FileWriteException">The body is too long, or the storage servers failed.</exception>
    public async Task<ImageUploadId?> ReceiveAsync(
        OwnerId? owner, UploadWishes wishes, Stream body, long maxSize, long? estimatedLength, CancellationToken cancellationToken)
    {
        var id = ImageUploadId.New();
        var file = new NewFile("image", "application/octet-stream") { EstimatedLength = estimatedLength, Holders = 1 };
        await using var upload = await files.BeginAsync(file, cancellationToken);
        await upload.WriteAsync(body, maxSize, cancellationToken);
        if (upload.Size == 0)
        {
            return null;
        }

        await upload.TryCommitAsync(new CommitCondition(Insert(id, owner, wishes, upload.Id)), cancellationToken);
        return id;
    }

    /// <summary>Enqueues the job that makes the image. If this process ends before, a duty does it.</summary>
    /// <exception cref="JobQueueUnavailableException">The queue did not answer.</exception>
    public async Task<EnqueueOutcome> EnqueueAsync(ImageUploadId upload, CancellationToken cancellationToken) =>
        (await jobs.EnqueueAsync(IngestImage.Of(upload, time), cancellationToken)).Outcome;

    /// <summary>Waits for the end of an upload.</summary>
    /// <returns>The outcome; <see langword="null"/> when the upload is waiting at the limit.</returns>
    public Task<UploadOutcome?> WaitAsync(ImageUploadId upload, TimeSpan limit, CancellationToken cancellationToken) =>
        signals.WaitAsync(
            SignalOf(upload),
            async token => await FindAsync(upload, token) is { State: not UploadState.Waiting } outcome ? outcome : null,
            limit,
            cancellationToken);

    /// <summary>Finds the state of an upload, without claiming its result.</summary>
    public async Task<UploadOutcome> FindAsync(ImageUploadId upload, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            "SELECT state, result ->> 'alias', result ->> 'code', result ->> 'message' FROM image_uploads WHERE upload_id = $1");
        command.Parameters.Add(new() { Value = upload.Value });
        return await ReadAsync(command, cancellationToken);
    }

    /// <summary>Hands out the result of an upload, once.</summary>
    /// <param name="upload">The upload.</param>
    /// <param name="owner">The owner whose uploads alone are found; <see langword="null"/> to find any.</param>
    /// <param name="token">The token that allows the deletion of the alias from now on.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task<UploadOutcome> ClaimAsync(
        ImageUploadId upload, OwnerId? owner, DeleteToken token, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("SELECT outcome, alias, code, message FROM claim_image_upload($1, $2, $3)");
        command.Parameters.Add(new() { Value = upload.Value });
        command.Parameters.Add(NullableParameter.Text(owner?.Value));
        command.Parameters.Add(new() { Value = token.Hash() });
        return await ReadAsync(command, cancellationToken);
    }

    /// <summary>Removes uploads, with their files and the aliases that nobody has claimed.</summary>
    public async Task RemoveAsync(IReadOnlyCollection<ImageUploadId> uploads, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("SELECT remove_image_uploads($1)");
        command.Parameters.Add(new() { Value = uploads.Select(upload => upload.Value).ToArray() });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Finds the file and the wishes of an upload that waits.</summary>
    /// <returns><see langword="null"/> when it does not wait any more, or its bytes have not arrived.</returns>
    public async Task<WaitingUpload?> FindWaitingAsync(ImageUploadId upload, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            "SELECT request, file_id FROM image_uploads WHERE upload_id = $1 AND state = 'waiting' AND file_id IS NOT NULL");
        command.Parameters.Add(new() { Value = upload.Value });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? new(
                JsonSerializer.Deserialize(reader.GetString(0), UploadWishesJson.Default.UploadWishes)!,
                new FileId(reader.GetGuid(1)))
            : null;
    }

    /// <summary>Ends an upload with its image, in the transaction that adds the blob.</summary>
    /// <returns>
    /// <see langword="null"/> when the image is stored; otherwise the reason, <c>not-waiting</c> or <c>duplicate-alias</c>.
    /// </returns>
    public async Task<string?> CompleteAsync(
        ImageUploadId upload,
        StagedBlob blob,
        ImageDetails details,
        ImageAlias alias,
        bool isCached,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(blob);

        var statement = new NpgsqlBatchCommand("SELECT store_image($1, $2, $3, $4, $5, $6, $7, $8, $9)")
        {
            Parameters =
            {
                new() { Value = upload.Value },
                new() { Value = ImageId.New(time).Value },
                new() { Value = blob.Blob.Id.Value },
                new() { Value = ImageDetailsFormat.NameOf(details.Format) },
                new() { Value = ImageDetailsFormat.Write(details), NpgsqlDbType = NpgsqlDbType.Jsonb },
                new() { Value = alias.Value },
                new() { Value = isCached },
                new() { Value = options.CurrentValue.KeptFor },
                new() { Value = SignalOf(upload) },
            },
        };
        return await blob.TryCommitAsync([statement], cancellationToken) ? null : blob.Refusal;
    }

    /// <summary>Ends an upload with a failure.</summary>
    /// <returns><see langword="true"/> when it was still waiting.</returns>
    public async Task<bool> FailAsync(ImageUploadId upload, ImageFailure failure, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("SELECT fail_image_upload($1, $2, $3, $4, $5)");
        command.Parameters.Add(new() { Value = upload.Value });
        command.Parameters.Add(new() { Value = failure.Code });
        command.Parameters.Add(new() { Value = failure.Message });
        command.Parameters.Add(new() { Value = options.CurrentValue.KeptFor });
        command.Parameters.Add(new() { Value = SignalOf(upload) });
        return await command.ExecuteScalarAsync(cancellationToken) is true;
    }

    /// <summary>Lists uploads whose job may be lost, the oldest first.</summary>
    public async Task<IReadOnlyList<ImageUploadId>> ListStalledAsync(int limit, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            SELECT upload_id FROM image_uploads
            WHERE state = 'waiting' AND file_id IS NOT NULL AND created_at < now() - $1 AND expires_at > now()
            ORDER BY created_at LIMIT $2
            """);
        command.Parameters.Add(new() { Value = options.CurrentValue.JobLostAfter });
        command.Parameters.Add(new() { Value = limit });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var stalled = new List<ImageUploadId>();
        while (await reader.ReadAsync(cancellationToken))
        {
            stalled.Add(new(reader.GetGuid(0)));
        }

        return stalled;
    }

    /// <summary>Removes uploads that have expired.</summary>
    /// <returns>The number of uploads.</returns>
    public async Task<long> ExpireAsync(int limit, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("SELECT expire_image_uploads($1)");
        command.Parameters.Add(new() { Value = limit });
        return (int)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>Records an upload whose file becomes visible in the same transaction.</summary>
    internal NpgsqlBatchCommand Insert(ImageUploadId id, OwnerId? owner, UploadWishes wishes, FileId file) => new(
        """
        INSERT INTO image_uploads (upload_id, owner, file_id, request, state, expires_at)
        VALUES ($1, $2, $3, $4, 'waiting', now() + $5)
        """)
    {
        Parameters =
        {
            new() { Value = id.Value },
            NullableParameter.Text(owner?.Value),
            new() { Value = file.Value },
            new()
            {
                Value = JsonSerializer.Serialize(wishes, UploadWishesJson.Default.UploadWishes), NpgsqlDbType = NpgsqlDbType.Jsonb,
            },
            new() { Value = options.CurrentValue.KeptFor },
        },
    };

    private static async Task<UploadOutcome> ReadAsync(NpgsqlCommand command, CancellationToken cancellationToken)
    {
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? new(UploadOutcome.Parse(reader.GetString(0)))
            {
                Alias = reader.IsDBNull(1) ? null : new ImageAlias(reader.GetString(1)),
                Failure = reader.IsDBNull(2) ? null : new ImageFailure(reader.GetString(2), reader.GetString(3)),
            }
            : new(UploadState.Missing);
    }
}
