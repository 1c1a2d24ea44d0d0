using MediaAspire.Core.Cluster;
using MediaAspire.Core.Scrubbing;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MediaAspire.Api.Admin;

/// <summary>Reading every copy back: <c>/admin/scrub</c>.</summary>
internal static class ScrubEndpoints
{
    // The open one, if any, and those before it.
    private const int RunsShown = 10;

    public static void MapScrub(this RouteGroupBuilder admin)
    {
        admin.MapGet("/scrub", Show).WithName("ShowScrub").WithSummary(
            "Show the open scrub with its progress on each server, and the latest ones");
        admin.MapPost("/scrub/start", Start).WithName("StartScrub")
            .WithSummary("Verify every copy, as fast as the limit allows; an open scheduled scrub is cancelled")
            .ProducesProblem(StatusCodes.Status409Conflict);
        admin.MapPost("/scrub/pause", Pause).WithName("PauseScrub").WithSummary(
            "Pause the running scrub; copies that are being read are finished")
            .ProducesProblem(StatusCodes.Status409Conflict);
        admin.MapPost("/scrub/resume", Resume).WithName("ResumeScrub").WithSummary("Resume the paused scrub")
            .ProducesProblem(StatusCodes.Status409Conflict);
        admin.MapPost("/scrub/cancel", Cancel).WithName("CancelScrub").WithSummary("End the open scrub")
            .ProducesProblem(StatusCodes.Status409Conflict);
    }

    private static async Task<Ok<ScrubStatusResponse>> Show(ScrubLedger ledger, ClusterView cluster, CancellationToken cancellationToken)
    {
        var runs = await ledger.ListAsync(RunsShown, cancellationToken);
        var open = runs.FirstOrDefault(run => run.FinishedAt is null);
        var servers = open is null ? [] : await ledger.ListServersAsync(open.Id, cancellationToken);
        return TypedResults.Ok(new ScrubStatusResponse(
            open is null ? null : ScrubResponse.Of(open),
            [.. servers.Select(server => ScrubServerResponse.Of(server, cluster.Current))],
            [.. runs.Where(run => run.FinishedAt is not null).Select(ScrubResponse.Of)]));
    }

    private static async Task<Results<Accepted, ProblemHttpResult>> Start(ScrubLedger ledger, CancellationToken cancellationToken) =>
        await ledger.TryStartAsync(cancellationToken) ? TypedResults.Accepted("/admin/scrub") : ScrubErrors.Open();

    private static async Task<Results<Accepted, ProblemHttpResult>> Pause(ScrubLedger ledger, CancellationToken cancellationToken) =>
        await ledger.TryPauseAsync(cancellationToken) ? TypedResults.Accepted("/admin/scrub") : ScrubErrors.NotRunning();

    private static async Task<Results<Accepted, ProblemHttpResult>> Resume(ScrubLedger ledger, CancellationToken cancellationToken) =>
        await ledger.TryResumeAsync(cancellationToken) ? TypedResults.Accepted("/admin/scrub") : ScrubErrors.NotPaused();

    private static async Task<Results<Accepted, ProblemHttpResult>> Cancel(ScrubLedger ledger, CancellationToken cancellationToken) =>
        await ledger.TryCancelAsync(cancellationToken) ? TypedResults.Accepted("/admin/scrub") : ScrubErrors.NotOpen();
}
