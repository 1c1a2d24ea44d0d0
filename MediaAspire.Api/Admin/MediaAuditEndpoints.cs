using System.ComponentModel;
using MediaAspire.Api.Problems;
using MediaAspire.Core.Media.Uploads;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace MediaAspire.Api.Admin;

/// <summary>The comparison of the media catalog with the object store: <c>/admin/media/audit</c>.</summary>
internal static class MediaAuditEndpoints
{
    public static void MapMediaAudit(this RouteGroupBuilder admin)
    {
        var audit = admin.MapGroup("/media/audit").ProducesProblem(StatusCodes.Status503ServiceUnavailable);

        audit.MapGet("", Show).WithName("ShowMediaAudit")
            .WithSummary("Show the last comparison of the media catalog with the object store")
            .ProducesProblem(StatusCodes.Status404NotFound);
        audit.MapPost("", Start).WithName("StartMediaAudit")
            .WithSummary("Compare the media catalog with the object store now")
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status409Conflict);
    }

    private static async Task<Results<Ok<MediaAuditResponse>, ProblemHttpResult>> Show(
        MediaAuditLedger ledger, CancellationToken cancellationToken) =>
        await ledger.FindLatestAsync(cancellationToken) is { } audit
            ? TypedResults.Ok(MediaAuditResponse.Of(audit))
            : Problem.Of(
                StatusCodes.Status404NotFound, "media-audit-not-found",
                "The catalog was never compared with the object store. Start it with POST /admin/media/audit.");

    private static async Task<Results<Accepted, ProblemHttpResult>> Start(
        MediaAuditLedger ledger,
        CancellationToken cancellationToken,
        [FromQuery, Description("Report only, and change nothing.")] bool dryRun = false) =>
        await ledger.TryRequestAsync(dryRun, cancellationToken)
            ? TypedResults.Accepted("/admin/media/audit")
            : Problem.Of(
                StatusCodes.Status409Conflict, "media-audit-running",
                "A comparison waits or runs already. GET /admin/media/audit shows its result.");
}

/// <param name="State"><c>requested</c>, <c>running</c>, <c>done</c> or <c>failed</c>.</param>
/// <param name="DryRun">The comparison only reports.</param>
/// <param name="RequestedAt">The time when it was asked for, or became due.</param>
/// <param name="StartedAt">The time of its start.</param>
/// <param name="EndedAt">The time of its end.</param>
/// <param name="Objects">Objects below <c>media/</c> in the store.</param>
/// <param name="CatalogObjects">Objects in the catalog.</param>
/// <param name="Orphans">Old objects and uploads in parts that nothing refers to; they are scheduled for deletion.</param>
/// <param name="OrphanBytes">The size of these objects, in bytes.</param>
/// <param name="ForeignObjects">Objects with other names than the platform gives; they are never deleted.</param>
/// <param name="Missing">Verified objects that the store does not have.</param>
/// <param name="FailedItems">Ready items that were marked as failed, because objects are missing.</param>
/// <param name="RestoredItems">Such items that are ready again, because their objects came back.</param>
/// <param name="OrphanKeys">The keys of the first 100 orphans.</param>
/// <param name="MissingKeys">The keys of the first 100 missing objects.</param>
/// <param name="Error">The reason why it failed.</param>
public sealed record MediaAuditResponse(
    string State, bool DryRun, DateTimeOffset RequestedAt, DateTimeOffset? StartedAt, DateTimeOffset? EndedAt, long Objects,
    long CatalogObjects, long Orphans, long OrphanBytes, long ForeignObjects, long Missing, long FailedItems, long RestoredItems,
    IReadOnlyList<string> OrphanKeys, IReadOnlyList<string> MissingKeys, string? Error)
{
    internal static MediaAuditResponse Of(MediaAudit audit) => new(
        audit.State, audit.IsDryRun, audit.RequestedAt, audit.StartedAt, audit.EndedAt, audit.Findings.Objects,
        audit.Findings.CatalogObjects, audit.Findings.Orphans, audit.Findings.OrphanBytes, audit.Findings.Foreign, audit.Findings.Missing,
        audit.Findings.FailedItems, audit.Findings.RestoredItems, audit.Findings.OrphanKeys, audit.Findings.MissingKeys, audit.Error);
}
