using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using MediaAspire.Core.Buckets;
using MediaAspire.Core.Ids;
using MediaAspire.Core.Objects;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace MediaAspire.Api.Admin;

/// <summary>The locks that keep a bucket from being emptied: <c>/admin/buckets/{bucket}/locked-versions</c>.</summary>
internal static class ObjectLockEndpoints
{
    private const int DefaultLimit = 100;
    private const int MaxLimit = 1000;

    public static void MapObjectLocks(this RouteGroupBuilder admin) =>
        admin.MapGet("/buckets/{bucket}/locked-versions", List).WithName("ListLockedVersions")
            .WithSummary("List the versions of a bucket that object lock protects now, and the end of the protection")
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);

    private static async Task<Results<Ok<LockedVersionsResponse>, ProblemHttpResult>> List(
        string bucket,
        BucketCatalog buckets,
        ObjectLocks locks,
        CancellationToken cancellationToken,
        [FromQuery, Description("Only versions after this one; the last page's \"next\".")] string? after = null,
        [FromQuery, Range(1, MaxLimit), Description("Versions on a page, 1 to 1000.")] int limit = DefaultLimit)
    {
        if (limit is < 1 or > MaxLimit)
        {
            return ObjectLockErrors.InvalidLimit(limit, MaxLimit);
        }

        VersionId behind = default;
        if (after is { Length: > 0 } && !VersionId.TryParse(after, out behind))
        {
            return ObjectLockErrors.InvalidVersion(after);
        }

        if (await buckets.FindAsync(bucket, cancellationToken) is not { } found)
        {
            return BucketErrors.NoSuchBucket(bucket);
        }

        var versions = await locks.ListAsync(found.Id, after is { Length: > 0 } ? behind : null, limit, cancellationToken);
        return TypedResults.Ok(new LockedVersionsResponse(
            found.OwnerId, [.. versions.Select(LockedVersionResponse.Of)], versions.Count < limit ? null : versions[^1].Id.ToString()));
    }
}
