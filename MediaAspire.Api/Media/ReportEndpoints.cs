using System.ComponentModel;
using MediaAspire.Api.Security;
using MediaAspire.Core.Media;
using MediaAspire.Core.Media.Usage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace MediaAspire.Api.Media;

/// <summary>The number of items and their bytes.</summary>
internal static class ReportEndpoints
{
    public static void MapReport(this RouteGroupBuilder media) =>
        media.MapGet("/report", Report).WithName("ReportMedia").RequireAuthorization(Policies.MediaRead)
            .WithSummary("Count the items of an owner, or of all owners: by kind, public, pending and in the trash")
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status403Forbidden);

    private static async Task<Results<Ok<MediaReportResponse>, ProblemHttpResult>> Report(
        HttpContext http,
        MediaUsageCounter counter,
        CancellationToken cancellationToken,
        [FromQuery, Description("The owner; a key that is bound to none may leave it out for all owners.")] string? owner = null,
        [FromQuery, Description("Show bytes too.")] bool includeStorage = false)
    {
        MediaOwner? reported = null;
        if (owner is not null || http.GetCaller().Owner is not null)
        {
            if (MediaOwners.Select(http.GetCaller(), owner, out var selected) is { } problem)
            {
                return problem;
            }

            reported = selected;
        }

        return TypedResults.Ok(MediaReportResponse.Of(reported, await counter.ReportAsync(reported, cancellationToken), includeStorage));
    }
}

/// <summary>The items of an owner, or of all owners, at the time of the request.</summary>
/// <param name="Owner">The owner; <see langword="null"/> for all owners.</param>
/// <param name="Total">Stored items: their content is complete, and they are not in the trash.</param>
/// <param name="Public">The public ones among them.</param>
/// <param name="TotalContentLength">The bytes of the stored items, when they were asked for.</param>
/// <param name="PublicContentLength">The bytes of the public ones among them.</param>
/// <param name="Kinds">The same for each kind that has any.</param>
/// <param name="Pending">Items whose content is not complete, with their declared bytes.</param>
/// <param name="Trash">Items in the trash.</param>
public sealed record MediaReportResponse(
    string? Owner, long Total, long Public, long? TotalContentLength, long? PublicContentLength, IReadOnlyList<KindReportResponse> Kinds,
    CountResponse Pending, CountResponse Trash)
{
    internal static MediaReportResponse Of(MediaOwner? owner, MediaUsage usage, bool withBytes) => new(
        owner?.Value,
        usage.Stored.Items,
        usage.Public.Items,
        withBytes ? usage.Stored.Bytes : null,
        withBytes ? usage.Public.Bytes : null,
        [
            .. usage.Kinds.Select(kind => new KindReportResponse(
                MediaKinds.NameOf(kind.Kind), kind.Stored.Items, kind.Public.Items, withBytes ? kind.Stored.Bytes : null,
                withBytes ? kind.Public.Bytes : null)),
        ],
        CountResponse.Of(usage.Pending, withBytes),
        CountResponse.Of(usage.Trash, withBytes));
}

/// <param name="Kind">The kind, such as <c>image</c>.</param>
/// <param name="Total">Stored items.</param>
/// <param name="Public">The public ones among them.</param>
/// <param name="TotalContentLength">Bytes of the stored items, when they were asked for.</param>
/// <param name="PublicContentLength">Bytes of the public ones among them.</param>
public sealed record KindReportResponse(string Kind, long Total, long Public, long? TotalContentLength, long? PublicContentLength);

/// <param name="Total">Items.</param>
/// <param name="ContentLength">Their bytes, when they were asked for.</param>
public sealed record CountResponse(long Total, long? ContentLength)
{
    internal static CountResponse Of(MediaCount count, bool withBytes) => new(count.Items, withBytes ? count.Bytes : null);
}
