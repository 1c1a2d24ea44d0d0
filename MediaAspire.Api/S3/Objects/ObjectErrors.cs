using System.Diagnostics;
using System.Globalization;
using MediaAspire.Api.S3.Protocol;
using MediaAspire.Core.Checksums;
using MediaAspire.Core.Objects;

namespace MediaAspire.Api.S3.Objects;

/// <summary>Errors of requests for objects.</summary>
internal static class ObjectErrors
{
    public static S3Error OtherChecksum(ChecksumAlgorithm expected, ChecksumAlgorithm actual) => S3Errors.InvalidRequest(
        $"Checksum Type mismatch occurred, expected checksum Type: {expected.WireName}, actual checksum Type: {actual.WireName}");

    public static S3Error MalformedTrailer() => new(
        "MalformedTrailerError",
        400,
        "The request contained trailing data that was not well-formed or did not conform to our published schema.");

    public static S3Error MetadataTooLarge(int size, int maxSize) =>
        new S3Error("MetadataTooLarge", 400, "Your metadata headers exceed the maximum allowed metadata size")
            .With("Size", Text(size))
            .With("MaxSizeAllowed", Text(maxSize));

    public static S3Error InvalidStorageClass(string storageClass) =>
        new S3Error("InvalidStorageClass", 400, "The storage class you specified is not valid").With("StorageClassRequested", storageClass);

    public static S3Error InvalidRange(string range, long size) =>
        new S3Error("InvalidRange", 416, "The requested range is not satisfiable")
            .With("RangeRequested", range)
            .With("ActualObjectSize", Text(size));

    public static S3Error InvalidPart(int number) =>
        new S3Error("InvalidPart", 400, "The requested partnumber is not satisfiable").With("PartNumberRequested", Text(number));

    /// <summary>Makes the error for a write that did not happen.</summary>
    public static S3Error NotWritten(ObjectWriteOutcome outcome, S3Request request, ObjectConditions conditions) => outcome switch
    {
        ObjectWriteOutcome.NoSuchBucket => S3Errors.NoSuchBucket(request.BucketName),
        ObjectWriteOutcome.NoSuchKey => S3Errors.NoSuchKey(request.Key),
        ObjectWriteOutcome.PreconditionFailed => S3Errors.PreconditionFailed(conditions.IfNoneMatch is null ? "If-Match" : "If-None-Match"),
        _ => throw new UnreachableException($"{outcome} is not an outcome of a refused write."),
    };

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);
}
