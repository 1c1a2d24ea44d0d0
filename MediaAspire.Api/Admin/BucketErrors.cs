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

    public static ProblemHttpResult NoSuchObject(string bucket, string key) => Problem.Of(
        StatusCodes.Status404NotFound, "object-not-found", $"Bucket '{bucket}' has no object with the key '{key}'.");

    public static ProblemHttpResult PreconditionFailed() => Problem.Of(
        StatusCodes.Status412PreconditionFailed, "precondition-failed",
        "The object does not meet the condition in If-Match or If-Unmodified-Since.");

    public static ProblemHttpResult RangeNotSatisfiable(long size) => Problem.Of(
        StatusCodes.Status416RangeNotSatisfiable, "range-not-satisfiable",
        $"The object has {size} bytes, and the requested range does not lie within it.");
}
