using MediaAspire.Api.Problems;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MediaAspire.Api.Admin;

/// <summary>Every problem of the routes of buckets; <c>code</c> is stable for clients.</summary>
internal static class BucketErrors
{
    public static ProblemHttpResult InvalidLimit(int limit, int max) => Problem.Of(
        StatusCodes.Status400BadRequest, "limit-out-of-range", $"A page has 1 to {max} entries, not {limit}.");

    public static ProblemHttpResult InvalidPosition(string after) => Problem.Of(
        StatusCodes.Status400BadRequest, "after-invalid", $"'{after}' is not a position. Send the \"next\" of the previous page.");

    public static ProblemHttpResult NoSuchBucket(string bucket) => Problem.Of(
        StatusCodes.Status404NotFound, "bucket-not-found", $"Bucket '{bucket}' does not exist.");
}
