using System.Globalization;
using MediaAspire.Core.Ids;
using MediaAspire.Core.Integrity;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MediaAspire.Api.Admin;

/// <summary>The findings about the stored chunks: <c>/admin/integrity</c>.</summary>
internal static class IntegrityEndpoints
{
    /// <summary>The most findings on a page.</summary>
    public const int MaxLimit = 1000;

    private const int DefaultLimit = 100;
    private const int FirstFindings = 10;

    private static readonly Dictionary<string, IntegrityKind> s_kinds = new()
    {
        ["lost"] = IntegrityKind.Lost,
        ["under-replicated"] = IntegrityKind.UnderReplicated,
        ["missing"] = IntegrityKind.Missing,
        ["corrupt"] = IntegrityKind.Corrupt,
        ["untracked"] = IntegrityKind.Untracked,
        ["damaged"] = IntegrityKind.Damaged,
    };

    public static void MapIntegrity(this RouteGroupBuilder admin)
    {
        admin.MapGet("/integrity", Get).WithName("GetIntegrity")
            .WithSummary("Show how many chunks and copies are lost, under-replicated, missing, corrupt, untracked or damaged, and which");
        admin.MapGet("/integrity/{kind}", List).WithName("ListIntegrityFindings").WithSummary("List the findings of one kind, page by page")
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound);
        admin.MapPost("/integrity/check", Check).WithName("StartIntegrityCheck")
            .WithSummary("Start a walk over all chunks and a comparison of every disk now")
            .Produces<IntegrityCheckResponse>(StatusCodes.Status202Accepted);
    }

    private static async Task<Ok<IntegrityResponse>> Get(IntegrityReport report, CancellationToken cancellationToken)
    {
        var walk = await report.ReadWalkAsync(cancellationToken);
        var counts = await report.CountAsync(cancellationToken);
        var disks = await report.ReadComparisonsAsync(cancellationToken);
        var findings = new Dictionary<string, IReadOnlyList<IntegrityFindingResponse>>();
        foreach (var (name, kind) in s_kinds)
        {
            var first = await report.ListAsync(kind, IntegrityPosition.Start, FirstFindings, cancellationToken);
            if (first.Count > 0)
            {
                findings[name] = [.. first.Select(ToResponse)];
            }
        }

        return TypedResults.Ok(new IntegrityResponse(
            counts.AreZero && walk.IsUpToDate && walk.CompletedAt is not null,
            new(counts.Lost, counts.UnderReplicated, counts.Missing, counts.Corrupt, counts.Untracked, counts.Damaged),
            new(
                walk.StartedAt is not null, walk.StartedAt, walk.Seen, walk.CompletedStartedAt, walk.CompletedAt, walk.CompletedSeen,
                walk.CompletedAge?.TotalSeconds, walk.IsUpToDate),
            [.. disks.Select(
                disk => new DiskComparisonResponse(disk.Server.Value, disk.ServerName, disk.StartedAt, disk.EndedAt, disk.Chunks))],
            findings));
    }

    private static async Task<Results<Ok<IntegrityPageResponse>, ProblemHttpResult>> List(
        string kind, string? after, string? limit, IntegrityReport report, CancellationToken cancellationToken)
    {
        if (!s_kinds.TryGetValue(kind, out var known))
        {
            return IntegrityErrors.UnknownKind(kind, s_kinds.Keys);
        }

        var count = DefaultLimit;
        if (limit is not null
            && (!int.TryParse(limit, NumberStyles.None, CultureInfo.InvariantCulture, out count) || count is < 1 or > MaxLimit))
        {
            return IntegrityErrors.InvalidLimit(limit);
        }

        if (!TryParse(after, out var position))
        {
            return IntegrityErrors.InvalidAfter(after!);
        }

        var findings = await report.ListAsync(known, position, count, cancellationToken);
        var next = findings.Count == count ? Format(findings[^1]) : null;
        return TypedResults.Ok(new IntegrityPageResponse([.. findings.Select(ToResponse)], next));
    }

    private static async Task<Accepted<IntegrityCheckResponse>> Check(IntegrityReport report, CancellationToken cancellationToken) =>
        TypedResults.Accepted("/admin/integrity", new IntegrityCheckResponse(await report.StartCheckAsync(cancellationToken)));

    private static IntegrityFindingResponse ToResponse(IntegrityFinding finding) => new(
        finding.Chunk.Value, finding.File?.Value, finding.Server?.Value, finding.ServerName, finding.Live, finding.Wanted, finding.Bytes,
        finding.Since);

    // "<chunk>" or "<chunk>.<server>".
    private static string Format(IntegrityFinding finding) =>
        finding.Server is { } server ? $"{finding.Chunk}.{server}" : $"{finding.Chunk}";

    private static bool TryParse(string? text, out IntegrityPosition position)
    {
        position = IntegrityPosition.Start;
        if (text is null)
        {
            return true;
        }

        var parts = text.Split('.', 2);
        ServerId server = default;
        if (!ChunkId.TryParse(parts[0], out var chunk) || (parts.Length == 2 && !ServerId.TryParse(parts[1], out server)))
        {
            return false;
        }

        position = new IntegrityPosition(chunk, parts.Length == 2 ? server : null);
        return true;
    }
}
