using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using MediaAspire.Core.Ids;
using MediaAspire.Core.Jobs;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

namespace MediaAspire.Api.Admin;

/// <summary>The job queue and its dead letters: <c>/admin/jobs</c>.</summary>
internal static class JobEndpoints
{
    private const int DefaultLimit = 100;
    private const int MaxLimit = 1000;

    public static void MapJobs(this RouteGroupBuilder admin)
    {
        var jobs = admin.MapGroup("/jobs").ProducesProblem(StatusCodes.Status503ServiceUnavailable);

        jobs.MapGet("", Count).WithName("CountJobs").WithSummary("Count the waiting, running and dead jobs of each kind");
        jobs.MapGet("/dead", ListDead).WithName("ListDeadJobs").WithSummary("List dead jobs, in the order of their ids")
            .ProducesProblem(StatusCodes.Status400BadRequest);
        jobs.MapGet("/dead/{id}", GetDead).WithName("GetDeadJob").WithSummary("Show a dead job").ProducesDeadJobProblems();
        jobs.MapPost("/dead/{id}/replay", Replay).WithName("ReplayDeadJob")
            .WithSummary("Enqueue a dead job again").ProducesDeadJobProblems();
        jobs.MapPost("/dead/replay", ReplayAll).WithName("ReplayDeadJobs").WithSummary("Enqueue every dead job again");
        jobs.MapDelete("/dead/{id}", Purge).WithName("PurgeDeadJob").WithSummary("Delete a dead job").ProducesDeadJobProblems();
        jobs.MapDelete("/dead", PurgeAll).WithName("PurgeDeadJobs").WithSummary("Delete every dead job");
    }

    private static async Task<Ok<JobsResponse>> Count(IJobStats stats, IOptions<JobOptions> options, CancellationToken cancellationToken)
    {
        var kinds = await stats.ReadAsync(cancellationToken);
        return TypedResults.Ok(new JobsResponse(
            options.Value.Provider == JobProvider.Redis ? "redis" : "postgres",
            [.. kinds.Select(Describe)]));
    }

    private static async Task<Results<Ok<DeadJobsResponse>, ProblemHttpResult>> ListDead(
        IDeadJobs dead,
        CancellationToken cancellationToken,
        [FromQuery, Description("Only jobs with greater ids; the last page's \"next\".")] string? after = null,
        [FromQuery, Range(1, MaxLimit), Description("Jobs on a page, 1 to 1000.")] int limit = DefaultLimit)
    {
        JobId? from = null;
        if (after is not null)
        {
            if (!JobId.TryParse(after, out var id))
            {
                return JobErrors.InvalidId(after);
            }

            from = id;
        }

        if (limit is < 1 or > MaxLimit)
        {
            return JobErrors.InvalidLimit(limit, MaxLimit);
        }

        var jobs = await dead.ListAsync(from, limit, cancellationToken);
        return TypedResults.Ok(new DeadJobsResponse([.. jobs.Select(Describe)], jobs.Count < limit ? null : jobs[^1].Id.ToString()));
    }

    private static async Task<Results<Ok<DeadJobResponse>, ProblemHttpResult>> GetDead(
        string id, IDeadJobs dead, CancellationToken cancellationToken)
    {
        if (!JobId.TryParse(id, out var job))
        {
            return JobErrors.InvalidId(id);
        }

        return await dead.FindAsync(job, cancellationToken) is { } found ? TypedResults.Ok(Describe(found)) : JobErrors.NotFound(job);
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> Replay(string id, IDeadJobs dead, CancellationToken cancellationToken)
    {
        if (!JobId.TryParse(id, out var job))
        {
            return JobErrors.InvalidId(id);
        }

        return await dead.ReplayAsync(job, cancellationToken) ? TypedResults.NoContent() : JobErrors.NotFound(job);
    }

    private static async Task<Ok<JobCountResponse>> ReplayAll(IDeadJobs dead, CancellationToken cancellationToken) =>
        TypedResults.Ok(new JobCountResponse(await dead.ReplayAllAsync(cancellationToken)));

    private static async Task<Results<NoContent, ProblemHttpResult>> Purge(string id, IDeadJobs dead, CancellationToken cancellationToken)
    {
        if (!JobId.TryParse(id, out var job))
        {
            return JobErrors.InvalidId(id);
        }

        return await dead.PurgeAsync(job, cancellationToken) ? TypedResults.NoContent() : JobErrors.NotFound(job);
    }

    private static async Task<Ok<JobCountResponse>> PurgeAll(IDeadJobs dead, CancellationToken cancellationToken) =>
        TypedResults.Ok(new JobCountResponse(await dead.PurgeAllAsync(cancellationToken)));

    private static JobKindResponse Describe(JobKindStats kind) =>
        new(kind.Kind, kind.Ready, kind.Delayed, kind.Running, kind.Dead, kind.OldestAge.TotalSeconds);

    private static DeadJobResponse Describe(DeadJob job)
    {
        using var payload = JsonDocument.Parse(job.Payload);
        return new DeadJobResponse(
            job.Id.ToString(),
            job.Kind,
            payload.RootElement.Clone(),
            job.Priority.ToString().ToLowerInvariant(),
            job.UniqueKey,
            job.Attempts,
            job.Error,
            job.EnqueuedAt,
            job.DiedAt,
            job.TraceParent);
    }

    private static RouteHandlerBuilder ProducesDeadJobProblems(this RouteHandlerBuilder route) =>
        route.ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound);
}

/// <param name="Provider">The engine that keeps the jobs: postgres or redis.</param>
/// <param name="Kinds">Kinds that have any jobs, in the order of their names.</param>
internal sealed record JobsResponse(string Provider, IReadOnlyList<JobKindResponse> Kinds);

/// <param name="Kind">The kind's name.</param>
/// <param name="Ready">Jobs that are due and wait for a worker.</param>
/// <param name="Delayed">Jobs that are not due yet, new ones and those between two attempts.</param>
/// <param name="Running">Jobs that a worker runs.</param>
/// <param name="Dead">Dead jobs, whose attempts are used up.</param>
/// <param name="OldestAgeSeconds">The waiting time of the job that has been due longest; 0 when no job is due.</param>
internal sealed record JobKindResponse(string Kind, long Ready, long Delayed, long Running, long Dead, double OldestAgeSeconds);

/// <param name="Jobs">The page.</param>
/// <param name="Next">The value of "after" for the next page; null on the last one.</param>
internal sealed record DeadJobsResponse(IReadOnlyList<DeadJobResponse> Jobs, string? Next);

/// <param name="Id">The job's id.</param>
/// <param name="Kind">The kind's name.</param>
/// <param name="Payload">The payload of the job.</param>
/// <param name="Priority">high, normal or low.</param>
/// <param name="UniqueKey">Null for a job without a unique key.</param>
/// <param name="Attempts">The number of attempts that were made.</param>
/// <param name="Error">The failure of the last one.</param>
/// <param name="EnqueuedAt">By the queue's clock.</param>
/// <param name="DiedAt">By the queue's clock.</param>
/// <param name="TraceParent">The W3C trace that the job belongs to.</param>
internal sealed record DeadJobResponse(
    string Id,
    string Kind,
    JsonElement Payload,
    string Priority,
    string? UniqueKey,
    int Attempts,
    string Error,
    DateTimeOffset EnqueuedAt,
    DateTimeOffset DiedAt,
    string? TraceParent);

/// <param name="Jobs">The number of jobs that were replayed or deleted.</param>
internal sealed record JobCountResponse(long Jobs);
