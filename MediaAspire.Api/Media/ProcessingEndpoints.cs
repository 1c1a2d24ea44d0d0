using System.ComponentModel;
using MediaAspire.Api.Security;
using MediaAspire.Core.Ids;
using MediaAspire.Core.Media;
using MediaAspire.Core.Media.Lifecycle;
using MediaAspire.Core.Media.Processing;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

namespace MediaAspire.Api.Media;

/// <summary>Processing by hand, and the duty that finishes uploads.</summary>
internal static class ProcessingEndpoints
{
    private const int MaxWait = 60;

    public static void MapProcessing(this RouteGroupBuilder media)
    {
        var processing = media.MapGroup("").RequireAuthorization(Policies.MediaWrite)
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status403Forbidden);

        processing.MapPost("/{id}/process", Process).WithName("ProcessMedia")
            .WithSummary("Process an uploaded item, which happens by itself too; with wait, until it is ready or failed")
            .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status412PreconditionFailed).ProducesProblem(StatusCodes.Status422UnprocessableEntity);
        processing.MapPost("/sync", Sync).WithName("SyncMedia")
            .WithSummary("Finish uploads that nobody has reported, and remove items whose time is over; with wait, until that is done");
    }

    private static async Task<Results<Ok<MediaResponse>, Accepted<MediaResponse>, ProblemHttpResult>> Process(
        string id,
        HttpContext http,
        IMediaStore store,
        IOptions<MediaProcessingOptions> options,
        TimeProvider time,
        CancellationToken cancellationToken,
        [FromQuery, Description("Seconds to wait for the end of processing, 0 to 60; 0 by default.")] int wait = 0,
        [FromQuery, Description("Process also an item that is ready, or has used its attempts up.")] bool force = false)
    {
        if (!MediaId.TryParse(id, out var item))
        {
            return MediaErrors.InvalidId(id);
        }

        if (CheckWait(http.Request, wait, nameof(wait), nameof(force)) is { } problem)
        {
            return problem;
        }

        var owner = MediaOwners.BoundTo(http.GetCaller());
        if (force && owner is not null)
        {
            return ProcessingErrors.ApplicationKeyRequired("force=true");
        }

        var outcome = await store.ChangeAsync(
            [item], set => MediaProcessing.Request(set, item, owner, force, options.Value, time), cancellationToken);
        return outcome.Outcome switch
        {
            ProcessRequest.NotFound => MediaErrors.NotFound(item),
            ProcessRequest.Foreign => MediaErrors.OwnerForbidden(),
            ProcessRequest.NotUploaded => ProcessingErrors.NotUploaded(item),
            ProcessRequest.Running => ProcessingErrors.Running(item),
            ProcessRequest.Exhausted => ProcessingErrors.Exhausted(item, options.Value.MaxTries),
            _ => await WaitAsync(store, item, TimeSpan.FromSeconds(wait), time, cancellationToken) switch
            {
                null => MediaErrors.NotFound(item),
                { Status: MediaStatus.Ready or MediaStatus.Failed } ended => TypedResults.Ok(Describe(ended)),
                var running => TypedResults.Accepted($"/media/{item}", Describe(running)),
            },
        };
    }

    private static async Task<Results<Ok<SyncResponse>, Accepted<SyncResponse>, ProblemHttpResult>> Sync(
        HttpContext http,
        SyncRuns runs,
        TimeProvider time,
        CancellationToken cancellationToken,
        [FromQuery, Description("Seconds to wait for the end of the run, 0 to 60; 0 by default.")] int wait = 0)
    {
        if (CheckWait(http.Request, wait, nameof(wait)) is { } problem)
        {
            return problem;
        }

        if (http.GetCaller().Owner is not null)
        {
            return ProcessingErrors.ApplicationKeyRequired("The run for all owners");
        }

        var requestedAt = await runs.RequestAsync(cancellationToken);
        var run = wait == 0
            ? null
            : await Poll.UntilAsync(
                () => runs.FindAsync(requestedAt, cancellationToken), found => found is not null, TimeSpan.FromSeconds(wait), time,
                cancellationToken);
        return run is null
            ? TypedResults.Accepted((string?)null, new SyncResponse(requestedAt, null))
            : TypedResults.Ok(new SyncResponse(requestedAt, SyncRunResponse.Of(run)));
    }

    private static ProblemHttpResult? CheckWait(HttpRequest request, int wait, params string[] known) =>
        QueryParameters.Refuse(request, known) ?? (wait is < 0 or > MaxWait ? ProcessingErrors.InvalidWait(wait, MaxWait) : null);

    private static Task<MediaItem?> WaitAsync(
        IMediaStore store, MediaId id, TimeSpan limit, TimeProvider time, CancellationToken cancellationToken) => Poll.UntilAsync(
            () => store.FindAsync(id, cancellationToken),
            item => item is null or { Status: MediaStatus.Ready or MediaStatus.Failed },
            limit,
            time,
            cancellationToken);

    private static MediaResponse Describe(MediaItem item) => MediaResponses.Of(item, [.. item.Parts.Select(MediaResponses.Of)]);
}

/// <param name="RequestedAt">The time of the request; the run that it asked for begins after it.</param>
/// <param name="Run">The run, when it ended within the wait.</param>
public sealed record SyncResponse(DateTimeOffset RequestedAt, SyncRunResponse? Run);

/// <param name="StartedAt">The start of the run.</param>
/// <param name="EndedAt">Its end.</param>
/// <param name="Examined">Pending items that were compared with the object store.</param>
/// <param name="Finished">Those whose parts had all come; they are uploaded now.</param>
/// <param name="Verifying">Those whose bytes a job hashes.</param>
/// <param name="Refused">Those with a part of another size or hash than declared.</param>
/// <param name="Faults">Those that could not be compared.</param>
/// <param name="Expired">Pending and temporary items that were removed because their time was over.</param>
/// <param name="Emptied">Items that were removed from the trash.</param>
/// <param name="Requeued">Items whose processing was enqueued again.</param>
public sealed record SyncRunResponse(
    DateTimeOffset StartedAt, DateTimeOffset EndedAt, long Examined, long Finished, long Verifying, long Refused, long Faults, long Expired,
    long Emptied, long Requeued)
{
    internal static SyncRunResponse Of(SyncRun run) => new(
        run.StartedAt, run.EndedAt, run.Counts.Examined, run.Counts.Finished, run.Counts.Verifying, run.Counts.Refused, run.Counts.Faults,
        run.Counts.Expired, run.Counts.Emptied, run.Counts.Requeued);
}
