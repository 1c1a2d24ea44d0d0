using System.Text.Json;
using MediaAspire.Core.Database;
using MediaAspire.Core.Files;
using MediaAspire.Core.Ids;
using MediaAspire.Core.Jobs;
using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;

namespace MediaAspire.Core.Images.Uploads;

/// <summary>Uploads whose bytes the platform fetches from an address. Thread-safe.</summary>
/// <remarks>
/// A job fetches the bytes into a file that the upload's row holds. From then on the upload is one like any other, and its image is made by
/// the same job. A duty enqueues the job again if it is lost.
/// </remarks>
public sealed class UrlUploads(
    NpgsqlDataSource database, FileWriter files, IJobQueue jobs, IOptionsMonitor<ImageUploadOptions> options, TimeProvider time)
{
    /// <summary>Adds an upload. Nothing is fetched yet, see <see cref="EnqueueAsync"/>.</summary>
    /// <param name="owner">The owner of the alias; <see langword="null"/> for none.</param>
    /// <param name="wishes">What the request asks for.</param>
    /// <param name="url">An address as <see cref="Fetching.UrlRules.Read"/> returned it.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task<ImageUploadId> AddAsync(OwnerId? owner, UploadWishes wishes, Uri url, CancellationToken cancellationToken)
    {
        var id = ImageUploadId.New();
        await using var command = database.CreateCommand(
            """
            INSERT INTO image_uploads (upload_id, owner, url, request, state, expires_at)
            VALUES ($1, $2, $3, $4, 'waiting', now() + $5)
            """);
        command.Parameters.Add(new() { Value = id.Value });
        command.Parameters.Add(NullableParameter.Text(owner?.Value));
        command.Parameters.Add(new() { Value = url.AbsoluteUri });
        command.Parameters.Add(new()
        {
            Value = JsonSerializer.Serialize(wishes, UploadWishesJson.Default.UploadWishes),
            NpgsqlDbType = NpgsqlDbType.Jsonb,
        });
        command.Parameters.Add(new() { Value = options.CurrentValue.KeptFor });
        await command.ExecuteNonQueryAsync(cancellationToken);
        return id;
    }

    /// <summary>Enqueues the job that fetches the bytes.</summary>
    /// <exception cref="JobQueueUnavailableException">The queue did not answer.</exception>
    public async Task<EnqueueOutcome> EnqueueAsync(ImageUploadId upload, CancellationToken cancellationToken) =>
        (await jobs.EnqueueAsync(FetchImage.Of(upload, time), cancellationToken)).Outcome;

    /// <summary>Finds an upload that nothing was fetched for yet.</summary>
    public async Task<UrlUpload?> FindAsync(ImageUploadId upload, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            "SELECT url, request FROM image_uploads WHERE upload_id = $1 AND state = 'waiting' AND file_id IS NULL AND url IS NOT NULL");
        command.Parameters.Add(new() { Value = upload.Value });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? new(new Uri(reader.GetString(0)), JsonSerializer.Deserialize(reader.GetString(1), UploadWishesJson.Default.UploadWishes)!)
            : null;
    }

    /// <summary>Gives an upload its bytes.</summary>
    /// <param name="upload">The upload.</param>
    /// <param name="body">The bytes, at least one.</param>
    /// <param name="length">Their number.</param>
    /// <param name="cancellationToken">Ends the call; nothing is kept.</param>
    /// <returns><see langword="false"/> when the upload has them already, or is gone.</returns>
    /// <exception cref="FileWriteException">The storage servers failed.</exception>
    public async Task<bool> ReceiveAsync(ImageUploadId upload, Stream body, long length, CancellationToken cancellationToken)
    {
        await using var writing = await files.BeginAsync(
            new NewFile("image", "application/octet-stream") { Length = length, Holders = 1 }, cancellationToken);
        await writing.WriteAsync(body, length, cancellationToken);
        var condition = new CommitCondition(
            new("UPDATE image_uploads SET file_id = $2 WHERE upload_id = $1 AND state = 'waiting' AND file_id IS NULL")
            {
                Parameters = { new() { Value = upload.Value }, new() { Value = writing.Id.Value } },
            },
            new("SELECT require_met(EXISTS (SELECT FROM image_uploads WHERE upload_id = $1 AND file_id = $2), 'not-waiting')")
            {
                Parameters = { new() { Value = upload.Value }, new() { Value = writing.Id.Value } },
            });
        return await writing.TryCommitAsync(condition, cancellationToken) is not null;
    }

    /// <summary>Lists uploads that nothing was fetched for and whose job may be lost, the oldest first.</summary>
    public async Task<IReadOnlyList<ImageUploadId>> ListStalledAsync(int limit, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            SELECT upload_id FROM image_uploads
            WHERE state = 'waiting' AND file_id IS NULL AND url IS NOT NULL AND created_at < now() - $1 AND expires_at > now()
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
}

/// <summary>An upload whose bytes are to be fetched.</summary>
/// <param name="Url">The address.</param>
/// <param name="Wishes">What the request asked for.</param>
public sealed record UrlUpload(Uri Url, UploadWishes Wishes);
