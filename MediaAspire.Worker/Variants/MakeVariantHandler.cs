using MediaAspire.Core.Ids;
using MediaAspire.Core.Images;
using MediaAspire.Core.Images.Uploads;
using MediaAspire.Core.Images.Variants;
using MediaAspire.Core.Imaging;
using MediaAspire.Worker.Queue;
using Microsoft.Extensions.Options;

namespace MediaAspire.Worker.Variants;

/// <summary>Makes variants. Of several jobs for one variant, one makes it.</summary>
internal sealed partial class MakeVariantHandler(
    VariantWork work,
    IEnumerable<IVariantSource> sources,
    IImageProcessor processor,
    ImageBlobs blobs,
    ScratchDirectory scratch,
    IOptionsMonitor<ImageLimitOptions> limits,
    VariantMetrics metrics,
    TimeProvider time,
    ILogger<MakeVariantHandler> logger) : IJobHandler<MakeVariant>
{
    // The most attempts at a variant whose workers died or failed each time, over all of its jobs.
    private const int MaxAttempts = 6;

    public async Task HandleAsync(MakeVariant payload, JobContext job, CancellationToken cancellationToken)
    {
        if (await work.ClaimAsync(payload.WorkId, job.Id, cancellationToken) is not { } claimed)
        {
            metrics.Ended("nothing-to-do", TimeSpan.Zero);
            return;
        }

        var startedAt = time.GetTimestamp();
        var outcome = "failed";
        try
        {
            outcome = await MakeAsync(claimed, cancellationToken);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            await ReleaseAsync(claimed);
            throw;
        }
        finally
        {
            metrics.Ended(outcome, time.GetElapsedTime(startedAt));
        }

        LogMade(claimed.Variant, claimed.Owner, outcome);
    }

    private async Task<string> MakeAsync(ClaimedVariant claimed, CancellationToken cancellationToken)
    {
        if (claimed.IsMade)
        {
            await work.EndAsync(claimed, cancellationToken);
            return "made-already";
        }

        if (claimed.Attempt > MaxAttempts)
        {
            return await FailAsync(
                claimed,
                new ImageFailure("processing-failed", $"The variant could not be made in {MaxAttempts} attempts. Try again later."),
                cancellationToken);
        }

        var (source, made) = (scratch.NewFile(), scratch.NewFile());
        try
        {
            var kind = sources.First(each => each.Has(claimed.Owner));
            return await kind.CopyToAsync(claimed.Owner, source, cancellationToken)
                ? await TransformAsync(claimed, source, made, kind.Limits ?? SourceLimits(), cancellationToken)
                : await FailAsync(claimed, new ImageFailure("lost-file", "The source does not exist any more."), cancellationToken);
        }
        finally
        {
            File.Delete(source);
            File.Delete(made);
        }
    }

    private async Task<string> TransformAsync(
        ClaimedVariant claimed, string source, string made, ImageLimits allowed, CancellationToken cancellationToken)
    {
        // Looked up meanwhile: a client waits.
        var store = blobs.FindCurrentStoreAsync(cancellationToken);
        var request = VariantKey.Parse(claimed.Variant);
        var (details, failure) = await processor.TransformAsync(source, made, request, allowed, cancellationToken);
        var target = await store;
        if (details is null)
        {
            return await FailAsync(claimed, failure!, cancellationToken);
        }

        await using var staged = await blobs.StageAsync(
            target, BlobId.New(time), made, ImageFormats.MediaTypeOf(details.Format), cancellationToken);
        return await work.CommitAsync(claimed, staged, details, cancellationToken) ? "made" : "not-wanted";
    }

    /// <summary>Gets the limits of pixels. The kinds of content were judged when the source was stored.</summary>
    private ImageLimits SourceLimits() => limits.CurrentValue.ToLimits() with { AllowsVideo = true, AllowsAudio = true, Formats = [] };

    private async Task<string> FailAsync(ClaimedVariant claimed, ImageFailure failure, CancellationToken cancellationToken)
    {
        await work.FailAsync(claimed, failure, cancellationToken);
        LogFailed(claimed.Variant, claimed.Owner, failure.Code, failure.Message);
        return "refused";
    }

    /// <summary>Lets any job have the work, also when this one is its last attempt.</summary>
    private async Task ReleaseAsync(ClaimedVariant claimed)
    {
        using var limited = new CancellationTokenSource(TimeSpan.FromSeconds(5), time);
        try
        {
            await work.ReleaseAsync(claimed, limited.Token);
        }
        catch (Exception failure) when (failure is Npgsql.NpgsqlException or TimeoutException or OperationCanceledException)
        {
            // The claim ends by itself.
            LogNotReleased(claimed.Variant, claimed.Owner, failure.Message);
        }
    }

    [LoggerMessage(LogLevel.Trace, "Variant {Variant} of {Source}: {Outcome}")]
    private partial void LogMade(string variant, VariantOwner source, string outcome);

    [LoggerMessage(LogLevel.Debug, "Variant {Variant} of {Source} cannot be made: {Code}: {Reason}")]
    private partial void LogFailed(string variant, VariantOwner source, string code, string reason);

    [LoggerMessage(LogLevel.Warning, "Releasing variant {Variant} of {Source} failed; its claim ends by itself: {Reason}")]
    private partial void LogNotReleased(string variant, VariantOwner source, string reason);
}
