using System.Globalization;
using MediaAspire.Api.S3.Protocol;
using MediaAspire.Core.Checksums;

namespace MediaAspire.Api.S3.Multipart;

/// <summary>Errors of operations on multipart uploads.</summary>
internal static class MultipartErrors
{
    public static S3Error NoSuchUpload(string id) => new S3Error(
        "NoSuchUpload",
        404,
        "The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.")
        .With("UploadId", id);

    public static S3Error InvalidPartNumber(string? value) => S3Errors.InvalidArgument(
        "partNumber", value, "Part number must be an integer between 1 and 10000, inclusive");

    public static S3Error InvalidPart(int number, string etag) => new S3Error(
        "InvalidPart",
        400,
        "One or more of the specified parts could not be found.  The part may not have been uploaded, "
            + "or the specified entity tag may not match the part's entity tag.")
        .With("PartNumber", number.ToString(CultureInfo.InvariantCulture)).With("ETag", etag);

    /// <param name="declared">The checksums of a part, as <c>SHA256:value;</c>.</param>
    public static S3Error InvalidPartChecksum(string declared) => S3Errors.InvalidArgument(
        "Checksum", declared, "Invalid Base64 or multiple checksums present in request");

    public static S3Error InvalidPartOrder() => new(
        "InvalidPartOrder", 400, "The list of parts was not in ascending order. Parts must be ordered by part number.");

    public static S3Error PartTooSmall(int number, string etag, long size, long minSize) => S3Errors.EntityTooSmall(size, minSize)
        .With("PartNumber", number.ToString(CultureInfo.InvariantCulture)).With("ETag", etag);

    public static S3Error SizeMismatch() =>
        S3Errors.InvalidRequest("The provided 'x-amz-mp-object-size' header value does not match what was computed.");

    public static S3Error NoChecksum(ChecksumAlgorithm declared) => S3Errors.InvalidRequest(
        $"Checksum Type mismatch occurred, expected checksum Type: null, actual checksum Type: {declared.WireName}");

    public static S3Error ChecksumTypeMismatch() => S3Errors.InvalidRequest(
        "The upload was created using another checksum type. The complete request must include the same.");
}
