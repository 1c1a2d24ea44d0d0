using MediaAspire.Core.Ids;
using MediaAspire.Core.Imaging;
using MediaAspire.Core.Jobs;
using Npgsql;

namespace MediaAspire.Core.Images.Motion;

/// <summary>The motions of animations: an MP4 of each, which is made when it is first asked for, and stays as long as its image.</summary>
/// <remarks>
/// Thread-safe. All processes share one job for an image. A job that is lost is enqueued again by the next request.
/// </remarks>
public sealed class ImageMotions(NpgsqlDataSource database, ImageBlobs blobs, IJobQueue queue, WorkSignals signals, TimeProvider time)
{
    // A failure is a property of the content; a new version of the program may do better.
    private static readonly TimeSpan s_failureRetention = TimeSpan.FromHours(1);

    /// <summary>Gets a motion, and waits until it is made.</summary>
    /// <param name="image">The image, an animation.</param>
    /// <param name="limit">The longest time to wait. The work goes on after it.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task<MotionResult> GetAsync(ImageId image, TimeSpan limit, CancellationToken cancellationToken)
    {
        if (await CheckAsync(image, cancellationToken) is { } known)
        {
            return known;
        }

        try
        {
            if ((await queue.EnqueueAsync(MakeMotion.Of(image, time), cancellationToken)).Outcome == EnqueueOutcome.Full)
            {
                return new(MotionOutcome.Busy);
            }
        }
        catch (JobQueueUnavailableException)
        {
            return new(MotionOutcome.Busy);
        }

        return await signals.WaitAsync(SignalOf(image), token => CheckAsync(image, token), limit, cancellationToken)
            ?? new(MotionOutcome.Pending);
    }

    /// <summary>Makes staged bytes the motion of an image.</summary>
    /// <returns><see langword="false"/> when the image has one already, or is deleted.</returns>
    public static Task<bool> CommitAsync(ImageId image, StagedBlob motion, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(motion);
        return motion.TryCommitAsync(
            [
                new(
                    """
                    WITH changed AS (
                        UPDATE images SET motion_blob_id = $2 WHERE image_id = $1 AND motion_blob_id IS NULL RETURNING image_id)
                    SELECT require_met(EXISTS (SELECT FROM changed), 'motion-exists')
                    """)
                {
                    Parameters = { new() { Value = image.Value }, new() { Value = motion.Blob.Id.Value } },
                },
                new("DELETE FROM image_motion_failures WHERE image_id = $1") { Parameters = { new() { Value = image.Value } } },
                WorkSignals.Notify(SignalOf(image)),
            ],
            cancellationToken);
    }

    /// <summary>Records that a motion cannot be made.</summary>
    public async Task FailAsync(ImageId image, ImageFailure failure, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(failure);
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(new(
            """
            INSERT INTO image_motion_failures AS f (image_id, failure_code, failure_message, expires_at)
            SELECT i.image_id, $2, $3, now() + $4 FROM images i WHERE i.image_id = $1
            ON CONFLICT (image_id) DO UPDATE SET failure_code = $2, failure_message = $3, expires_at = now() + $4
            """)
        {
            Parameters =
            {
                new() { Value = image.Value },
                new() { Value = failure.Code },
                new() { Value = failure.Message },
                new() { Value = s_failureRetention },
            },
        });
        batch.BatchCommands.Add(WorkSignals.Notify(SignalOf(image)));
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    private static string SignalOf(ImageId image) => $"motion:{image.Value:N}";

    private async Task<MotionResult?> CheckAsync(ImageId image, CancellationToken cancellationToken)
    {
        var (blob, known) = await ReadAsync(image, cancellationToken);
        if (blob is not { } id)
        {
            return known;
        }

        // Its bytes may be in another place by now, but go with their image only.
        return await blobs.FindAsync(id, cancellationToken) is { } found
            ? new(MotionOutcome.Made) { Blob = found }
            : new(MotionOutcome.Gone);
    }

    private async Task<(BlobId? Blob, MotionResult? Known)> ReadAsync(ImageId image, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            SELECT i.motion_blob_id, f.failure_code, f.failure_message
            FROM images i LEFT JOIN image_motion_failures f ON f.image_id = i.image_id AND f.expires_at > now() WHERE i.image_id = $1
            """);
        command.Parameters.Add(new() { Value = image.Value });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken))
        {
            return (null, new(MotionOutcome.Gone));
        }

        return !reader.IsDBNull(0) ? (new BlobId(reader.GetGuid(0)), null)
            : !reader.IsDBNull(1) ? (null, new(MotionOutcome.Failed) { Failure = new(reader.GetString(1), reader.GetString(2)) })
            : (null, null);
    }
}

/// <summary>The result of a request for a motion.</summary>
/// <param name="Outcome">The outcome.</param>
public sealed record MotionResult(MotionOutcome Outcome)
{
    /// <summary>Gets the bytes, when it is made.</summary>
    public ImageBlob? Blob { get; init; }

    /// <summary>Gets the reason of a failure.</summary>
    public ImageFailure? Failure { get; init; }
}

/// <summary>The outcomes of a request for a motion.</summary>
public enum MotionOutcome
{
    Made,
    Failed,

    /// <summary>The work goes on.</summary>
    Pending,

    /// <summary>The queue takes no more work now.</summary>
    Busy,

    /// <summary>The image does not exist any more.</summary>
    Gone,
}
