using MediaAspire.Api.Ownership;
using MediaAspire.Api.Security;
using MediaAspire.Core.Files;
using MediaAspire.Core.Ids;
using MediaAspire.Core.Images;
using MediaAspire.Core.Images.Uploads;
using MediaAspire.Core.Jobs;
using MediaAspire.Core.Quotas;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Npgsql;

namespace MediaAspire.Api.Images;

/// <summary>The way of uploads from a request to its answer.</summary>
internal sealed partial class UploadFlow(
    ImageUploads uploads,
    ImageCatalog catalog,
    OwnerSelector owners,
    QuotaGate quotas,
    IOptionsMonitor<ImageOptions> images,
    IOptionsMonitor<ImageUploadOptions> options,
    IOptions<UploadOptions> files,
    TimeProvider time,
    ILogger<UploadFlow> logger)
{
    /// <summary>Creates the answer to uploads whose images will be claimed.</summary>
    public static Accepted<BackgroundedResponse> Accepted(IReadOnlyList<ImageUploadId> uploads) => TypedResults.Accepted(
        uploads is [var only] ? $"/images/backgrounded/claim?upload_id={only}" : null,
        new BackgroundedResponse("ok", [.. uploads.Select(upload => new BackgroundedUpload(upload.Value))]));

    /// <summary>Receives the uploads of a form, and has their images made. All of them are kept, or none.</summary>
    public async Task<IResult> ReceiveAsync(
        HttpContext http,
        string? owner,
        UploadWishes wishes,
        Func<Caller, IReadOnlyList<ImageUploadId>, CancellationToken, Task<IResult>> finish,
        CancellationToken cancellationToken)
    {
        var form = new ImageForm(http.Request, uploads, quotas, options.CurrentValue);
        return await ReceiveAsync(
            http.GetCaller(),
            owner,
            async (selected, room) =>
            {
                try
                {
                    return (form.Received, await form.ReceiveAsync(selected, room, wishes, cancellationToken));
                }
                catch
                {
                    // The client disconnected, or a later file of the form could not be stored.
                    await RemoveAsync(form.Received);
                    throw;
                }
            },
            finish,
            cancellationToken);
    }

    /// <summary>Receives uploads in a way that the caller gives, and has their images made.</summary>
    /// <param name="sender">The sender.</param>
    /// <param name="owner">The owner that the request names; <see langword="null"/> when it names none.</param>
    /// <param name="receive">
    /// Receives uploads for an owner with room for so many bytes. Returns the uploads so far, also with a problem, after which they are
    /// removed.
    /// </param>
    /// <param name="finish">Creates the answer.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task<IResult> ReceiveAsync(
        Caller sender,
        string? owner,
        Func<OwnerId?, long, Task<(IReadOnlyList<ImageUploadId> Received, ProblemHttpResult? Problem)>> receive,
        Func<Caller, IReadOnlyList<ImageUploadId>, CancellationToken, Task<IResult>> finish,
        CancellationToken cancellationToken)
    {
        if (images.CurrentValue.ReadOnly)
        {
            return ImageErrors.ReadOnly();
        }

        var selected = await owners.SelectForWriteAsync(sender, owner, leastBytes: 1, objects: 1, cancellationToken);
        if (selected.Problem is not null)
        {
            return selected.Problem;
        }

        var (received, problem) = await receive(selected.Owner, selected.MaxBytes);
        if (problem is not null)
        {
            await RemoveAsync(received);
            return problem;
        }

        try
        {
            foreach (var upload in received)
            {
                if (await uploads.EnqueueAsync(upload, cancellationToken) == EnqueueOutcome.Full)
                {
                    await RemoveAsync(received);
                    return ImageErrors.QueueFull();
                }
            }
        }
        catch (JobQueueUnavailableException)
        {
            await RemoveAsync(received);
            throw;
        }

        return await finish(sender, received, cancellationToken);
    }

    /// <summary>Waits for the images of uploads, and claims them. When one failed, none is kept.</summary>
    /// <remarks>When the client disconnects, the work goes on; what nobody has claimed expires.</remarks>
    public async Task<IResult> FinishAsync(Caller sender, IReadOnlyList<ImageUploadId> received, CancellationToken cancellationToken)
    {
        var startedAt = time.GetTimestamp();
        foreach (var upload in received)
        {
            var left = options.CurrentValue.WaitLimit - time.GetElapsedTime(startedAt);
            switch (await uploads.WaitAsync(upload, left > TimeSpan.Zero ? left : TimeSpan.Zero, cancellationToken))
            {
                case null:
                    return Accepted(received);
                case { Failure: { } failure }:
                    await RemoveAsync(received);
                    return ImageErrors.Of(failure);
            }
        }

        var claimed = new List<UploadedFile>(received.Count);
        foreach (var upload in received)
        {
            var (file, problem) = await TryClaimAsync(sender, upload, cancellationToken);
            if (file is null)
            {
                return problem!;
            }

            claimed.Add(file);
        }

        return TypedResults.Created(claimed is [var only] ? $"/images/{only.File}" : null, new UploadedResponse("ok", claimed));
    }

    /// <summary>Claims the image of an upload that has ended.</summary>
    public async Task<IResult> ClaimAsync(Caller sender, ImageUploadId upload, CancellationToken cancellationToken)
    {
        var (file, problem) = await TryClaimAsync(sender, upload, cancellationToken);
        return file is null ? problem! : TypedResults.Ok(new UploadedResponse("ok", [file]));
    }

    private async Task<(UploadedFile? File, ProblemHttpResult? Problem)> TryClaimAsync(
        Caller sender, ImageUploadId upload, CancellationToken cancellationToken)
    {
        var token = DeleteToken.New();
        var outcome = await uploads.ClaimAsync(upload, sender.Owner, token, cancellationToken);
        if (outcome is not { State: UploadState.Done, Alias: { } alias })
        {
            return (null, outcome.State switch
            {
                UploadState.Failed => ImageErrors.OfClaim(outcome.Failure!),
                UploadState.Claimed => ImageErrors.AlreadyClaimed(upload),
                _ => ImageErrors.UploadNotFound(upload),
            });
        }

        // Somebody may have purged it meanwhile.
        return await catalog.FindAsync(alias, cancellationToken) is { } stored
            ? (new UploadedFile(token.Reveal(), alias.Value, ImageDetailsResponse.Of(stored.Image)), null)
            : (null, ImageErrors.AliasNotFound(alias));
    }

    /// <summary>Removes uploads, also for a client that has disconnected. What cannot be removed now expires.</summary>
    private async Task RemoveAsync(IReadOnlyList<ImageUploadId> received)
    {
        if (received.Count == 0)
        {
            return;
        }

        using var limited = new CancellationTokenSource(files.Value.CleanUpTimeout);
        try
        {
            await uploads.RemoveAsync([.. received], limited.Token);
        }
        catch (Exception failure) when (failure is NpgsqlException or TimeoutException or OperationCanceledException)
        {
            LogLeftBehind(received.Count, failure.Message);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Removing {Uploads} uploads of a request that failed was not possible; they expire: {Reason}")]
    private partial void LogLeftBehind(int uploads, string reason);
}
