using MediaAspire.Core.Media.Redis;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

namespace MediaAspire.Api.Admin;

/// <summary>The stores of the catalog: <c>/admin/metadata</c>.</summary>
internal static class MetadataEndpoints
{
    // An import is confirmed soon after its dry run, or it would do something else than what the operator has seen.
    private static readonly TimeSpan s_dryRunLifetime = TimeSpan.FromHours(1);

    private static readonly string[] s_comparing = [MetadataRunKinds.Compare, MetadataRunKinds.Fill, MetadataRunKinds.ToRedis];

    private static readonly string[] s_all = [.. s_comparing, MetadataRunKinds.ToPostgres];

    public static void MapMetadata(this RouteGroupBuilder admin)
    {
        var group = admin.MapGroup("/metadata");

        group.MapGet("/", Show).WithName("ShowMetadataStores")
            .WithSummary("Show the stores of the catalog, the generation in Redis, and the latest comparisons and rebuilds");
        group.MapGet("/runs/{id}", Get).WithName("GetMetadataRun").WithSummary("Show a comparison or a rebuild with its progress")
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound);
        group.MapGet("/parity", ShowParity).WithName("ShowMetadataParity")
            .WithSummary("Show the latest comparison of every item in Redis with the one in PostgreSQL")
            .ProducesProblem(StatusCodes.Status404NotFound);
        group.MapPost("/parity", Compare).WithName("CompareMetadataStores").WithSummary("Compare every item now; changes nothing")
            .ProducesProblem(StatusCodes.Status409Conflict);
        group.MapPost("/rebuild", Rebuild).WithName("RebuildMetadataStore")
            .WithSummary("Fill Redis from PostgreSQL, or import into PostgreSQL what only an old generation in Redis has")
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict).ProducesProblem(StatusCodes.Status503ServiceUnavailable);
    }

    private static async Task<Ok<MetadataResponse>> Show(
        GenerationTable table,
        MetadataRuns runs,
        IOptions<MetadataOptions> options,
        GenerationHistory history,
        CancellationToken cancellationToken)
    {
        var generation = await table.ReadAsync(cancellationToken);
        var past = options.Value.UsesRedis ? await history.TryListAsync(cancellationToken) : null;
        return TypedResults.Ok(MetadataResponse.Of(
            options.Value, generation, past, await runs.ListAsync(s_all, cancellationToken)));
    }

    private static async Task<Results<Ok<MetadataRunResponse>, ProblemHttpResult>> Get(
        string id, MetadataRuns runs, CancellationToken cancellationToken) =>
        !Guid.TryParseExact(id, "D", out var run) ? MetadataErrors.InvalidRun(id)
        : await runs.FindAsync(run, cancellationToken) is { } found ? TypedResults.Ok(MetadataRunResponse.Of(found))
        : MetadataErrors.NoRun(run);

    private static async Task<Results<Ok<MetadataRunResponse>, ProblemHttpResult>> ShowParity(
        MetadataRuns runs, CancellationToken cancellationToken) =>
        (await runs.ListAsync(s_comparing, cancellationToken)).FirstOrDefault(run => run.StartedAt is not null) is { } latest
            ? TypedResults.Ok(MetadataRunResponse.Of(latest))
            : MetadataErrors.NotCompared();

    private static async Task<Results<Accepted<MetadataRunResponse>, ProblemHttpResult>> Compare(
        MetadataRuns runs, IOptions<MetadataOptions> options, CancellationToken cancellationToken) =>
        options.Value.UsesRedis
            ? await RequestAsync(runs, MetadataRunKinds.Compare, source: null, isDryRun: false, cancellationToken)
            : MetadataErrors.NoRedis();

    private static async Task<Results<Accepted<MetadataRunResponse>, ProblemHttpResult>> Rebuild(
        [FromBody] RebuildMetadataRequest? request,
        MetadataRuns runs,
        GenerationTable table,
        IOptions<MetadataOptions> options,
        GenerationHistory history,
        TimeProvider time,
        CancellationToken cancellationToken)
    {
        if (request is null or not { To: "redis" or "postgres" }
            or { To: "redis", Generation: not null } or { To: "redis", Confirm: not null })
        {
            return MetadataErrors.InvalidRebuild();
        }

        if (!options.Value.UsesRedis)
        {
            return MetadataErrors.NoRedis();
        }

        if (request.To == "redis")
        {
            return await RequestAsync(runs, MetadataRunKinds.ToRedis, source: null, isDryRun: false, cancellationToken);
        }

        if (request.Confirm is { } confirmed)
        {
            return await runs.FindAsync(confirmed, cancellationToken) is
            { Kind: MetadataRunKinds.ToPostgres, IsDryRun: true, State: "done", EndedAt: { } endedAt, Source: { } source }
                && time.GetUtcNow() - endedAt < s_dryRunLifetime && request.Generation is null
                    ? await RequestAsync(runs, MetadataRunKinds.ToPostgres, source, isDryRun: false, cancellationToken)
                    : MetadataErrors.NotConfirmed(confirmed);
        }

        if (await history.TryListAsync(cancellationToken) is not { } past)
        {
            return MetadataErrors.RedisUnavailable();
        }

        var current = await table.ReadAsync(cancellationToken);
        var serverRun = await table.ReadServerRunAsync(cancellationToken);
        var chosen = request.Generation is { } nonce
            ? past.FirstOrDefault(generation => generation.Nonce == nonce)
            : past.FirstOrDefault(generation => generation.ServerRun != serverRun);
        return chosen is null || chosen.Nonce == current.Nonce
            ? MetadataErrors.NoGeneration(request.Generation)
            : await RequestAsync(runs, MetadataRunKinds.ToPostgres, chosen.Nonce, isDryRun: true, cancellationToken);
    }

    private static async Task<Results<Accepted<MetadataRunResponse>, ProblemHttpResult>> RequestAsync(
        MetadataRuns runs, string kind, string? source, bool isDryRun, CancellationToken cancellationToken)
    {
        var (id, isNew) = await runs.RequestAsync(kind, source, isDryRun, cancellationToken);
        return isNew && await runs.FindAsync(id, cancellationToken) is { } run
            ? TypedResults.Accepted($"/admin/metadata/runs/{id}", MetadataRunResponse.Of(run))
            : MetadataErrors.Open(kind, id);
    }
}
