using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using MediaAspire.Core.Buckets;
using MediaAspire.Core.Objects;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace MediaAspire.Api.Admin;

/// <summary>The buckets of all owners and their objects, for operators: <c>/admin/buckets</c>.</summary>
internal static class BucketEndpoints
{
    private const int DefaultLimit = 100;
    private const int MaxLimit = 1000;

    public static void MapBuckets(this RouteGroupBuilder admin)
    {
        admin.MapGet("/buckets", List).WithName("ListBuckets")
            .WithSummary("List the buckets of all owners, in the order of their names")
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        admin.MapGet("/buckets/{bucket}/objects", ListObjects).WithName("ListBucketObjects")
            .WithSummary("List the objects of a bucket, in the order of their keys; with a delimiter, folders too")
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        admin.MapGet("/buckets/{bucket}/object", Download).WithName("DownloadBucketObject")
            .WithSummary("Download the latest version of an object, or a range of it")
            .Produces(StatusCodes.Status200OK, contentType: "application/octet-stream")
            .Produces(StatusCodes.Status206PartialContent, contentType: "application/octet-stream")
            .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status412PreconditionFailed)
            .ProducesProblem(StatusCodes.Status416RangeNotSatisfiable).ProducesProblem(StatusCodes.Status503ServiceUnavailable);
    }

    private static async Task<Results<Ok<BucketsResponse>, ProblemHttpResult>> List(
        BucketCatalog buckets,
        CancellationToken cancellationToken,
        [FromQuery, Description("Only buckets after this one; the last page's \"next\".")] string? after = null,
        [FromQuery, Range(1, MaxLimit), Description("Buckets on a page, 1 to 1000.")] int limit = DefaultLimit)
    {
        if (limit is < 1 or > MaxLimit)
        {
            return BucketErrors.InvalidLimit(limit, MaxLimit);
        }

        var page = await buckets.ListAsync(after ?? "", limit, cancellationToken);
        return TypedResults.Ok(new BucketsResponse([.. page.Select(BucketResponse.Of)], page.Count < limit ? null : page[^1].Name));
    }

    private static async Task<Results<Ok<BucketObjectsResponse>, ProblemHttpResult>> ListObjects(
        string bucket,
        BucketCatalog buckets,
        ObjectListings listings,
        CancellationToken cancellationToken,
        [FromQuery, Description("Only keys that begin with this text.")] string? prefix = null,
        [FromQuery, Description("The character that ends a folder, usually /; empty to list every key.")] string? delimiter = null,
        [FromQuery, Description("Only entries after this one; the last page's \"next\".")] string? after = null,
        [FromQuery, Range(1, MaxLimit), Description("Objects and folders on a page, 1 to 1000.")] int limit = DefaultLimit)
    {
        if (limit is < 1 or > MaxLimit)
        {
            return BucketErrors.InvalidLimit(limit, MaxLimit);
        }

        if (!TryReadPosition(after ?? "", out var position))
        {
            return BucketErrors.InvalidPosition(after ?? "");
        }

        if (await buckets.FindAsync(bucket, cancellationToken) is not { } found)
        {
            return BucketErrors.NoSuchBucket(bucket);
        }

        var query = new ListingQuery(found.Id, limit) { Prefix = prefix ?? "", Delimiter = delimiter ?? "", After = position };
        var page = await listings.ListAsync(query, cancellationToken);
        return TypedResults.Ok(new BucketObjectsResponse(
            found.OwnerId, page.CommonPrefixes, [.. page.Entries.Select(BucketObjectResponse.Of)], Text(page.Next)));
    }

    private static async Task<IResult> Download(
        string bucket,
        [FromQuery, Description("The object's key.")] string key,
        BucketCatalog buckets,
        ObjectCatalog objects,
        ObjectReader reader,
        ILogger<ObjectDownload> logger,
        CancellationToken cancellationToken)
    {
        if (await buckets.FindAsync(bucket, cancellationToken) is not { } found)
        {
            return BucketErrors.NoSuchBucket(bucket);
        }

        // The lookup of S3 checks the permission of an access key; the scope of this route is that of operators, who may read everything.
#pragma warning disable RS0030
        var version = await objects.LocateAsync(found.Id, key, cancellationToken);
#pragma warning restore RS0030
        return version is { Version.IsDeleteMarker: false } located
            ? new ObjectDownload(located, reader, logger)
            : BucketErrors.NoSuchObject(bucket, key);
    }

    private static bool TryReadPosition(string text, out ListingPosition? position)
    {
        position = text switch
        {
            ['k', .. var key] => new(key, IsPrefix: false),
            ['p', .. var prefix] => new(prefix, IsPrefix: true),
            _ => null,
        };
        return position is not null || text.Length == 0;
    }

    private static string? Text(ListingPosition? position) => position is null ? null : (position.IsPrefix ? "p" : "k") + position.Text;
}
