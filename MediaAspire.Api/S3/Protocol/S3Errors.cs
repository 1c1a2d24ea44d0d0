using System.Globalization;
using MediaAspire.Core.Checksums;
using MediaAspire.Core.Quotas;

namespace MediaAspire.Api.S3.Protocol;

/// <summary>Errors that more than one feature uses; a feature's own errors are in its <c>XErrors</c>.</summary>
internal static class S3Errors
{
    public static S3Error AccessDenied(string message = "Access Denied") => new("AccessDenied", 403, message);

    public static S3Error InternalError() =>
        new("InternalError", 500, "We encountered an internal error. Please try again.");

    public static S3Error NotImplemented(string message = "A header you provided implies functionality that is not implemented.") =>
        new("NotImplemented", 501, message);

    public static S3Error MethodNotAllowed() =>
        new("MethodNotAllowed", 405, "The specified method is not allowed against this resource.");

    public static S3Error SlowDown(TimeSpan? retryAfter = null) =>
        new("SlowDown", 503, "Please reduce your request rate.") { RetryAfter = retryAfter };

    public static S3Error ServiceUnavailable() => new("ServiceUnavailable", 503, "Please reduce your request rate.");

    public static S3Error InvalidRequest(string message) => new("InvalidRequest", 400, message);

    public static S3Error HostNotAllowed(string host) => InvalidRequest(
        $"The host '{host}' is not a name of this server. Use its address, or add the name to the setting AllowedHosts or S3:Domains.");

    public static S3Error InvalidArgument(string name, string? value, string message)
    {
        var error = new S3Error("InvalidArgument", 400, message).With("ArgumentName", name);
        return value is null ? error : error.With("ArgumentValue", value);
    }

    /// <summary>The query names several resources, but a request can have only one.</summary>
    public static S3Error ConflictingParameters(IEnumerable<string> names)
    {
        var sorted = names.Order(StringComparer.Ordinal).ToList();
        return InvalidArgument("ResourceType", sorted[0], $"Conflicting query string parameters: {string.Join(", ", sorted)}");
    }

    /// <summary>The query has a parameter that belongs to other operations.</summary>
    public static S3Error UnexpectedParameter(string name, string? value) => InvalidArgument(
        name,
        value,
        name switch
        {
            S3Parameters.PartNumber => "This operation does not accept partNumber without uploadId",
            S3Parameters.VersionId => "This operation does not accept a version-id.",
            _ => $"This operation does not accept {name}",
        });

    public static S3Error InvalidUri() => new("InvalidURI", 400, "Couldn't parse the specified URI.");

    public static S3Error MalformedXml() =>
        new("MalformedXML", 400, "The XML you provided was not well-formed or did not validate against our published schema");

    /// <summary>A header or parameter on which a policy has a condition is too long.</summary>
    public static S3Error HeadersTooLong() => new(
        "RequestHeaderSectionTooLarge",
        400,
        "Your request header and query parameters used to make the request exceed the maximum allowed size.");

    /// <summary>The policy has too many wildcards for the values in the request.</summary>
    public static S3Error PolicyTooExpensive() => InvalidRequest(
        "The policy of the bucket is too expensive to evaluate for this request. Send shorter headers or fewer keys, or simplify it.");

    public static S3Error MessageTooLong() => new("MaxMessageLengthExceeded", 400, "Your request was too big.");

    public static S3Error NoSuchBucket(string bucket) =>
        new S3Error("NoSuchBucket", 404, "The specified bucket does not exist").With("BucketName", bucket);

    public static S3Error InvalidBucketName(string bucket) =>
        new S3Error("InvalidBucketName", 400, "The specified bucket is not valid.").With("BucketName", bucket);

    public static S3Error NoSuchKey(string key) =>
        new S3Error("NoSuchKey", 404, "The specified key does not exist.").With("Key", key);

    public static S3Error NoSuchVersion(string key, string versionId) =>
        new S3Error("NoSuchVersion", 404, "The specified version does not exist.").With("Key", key).With("VersionId", versionId);

    public static S3Error KeyTooLong(int sizeBytes, int maxBytes) =>
        new S3Error("KeyTooLongError", 400, "Your key is too long").With("Size", Text(sizeBytes)).With("MaxSizeAllowed", Text(maxBytes));

    public static S3Error PreconditionFailed(string condition) =>
        new S3Error("PreconditionFailed", 412, "At least one of the pre-conditions you specified did not hold")
            .With("Condition", condition);

    public static S3Error MissingContentLength() =>
        new("MissingContentLength", 411, "You must provide the Content-Length HTTP header.");

    public static S3Error IncompleteBody() =>
        new("IncompleteBody", 400, "You did not provide the number of bytes specified by the Content-Length HTTP header");

    public static S3Error EntityTooLarge(long? proposedBytes, long maxBytes)
    {
        var error = new S3Error("EntityTooLarge", 400, "Your proposed upload exceeds the maximum allowed size");
        return (proposedBytes is { } bytes ? error.With("ProposedSize", Text(bytes)) : error).With("MaxSizeAllowed", Text(maxBytes));
    }

    public static S3Error EntityTooSmall(long proposedBytes, long minBytes) =>
        new S3Error("EntityTooSmall", 400, "Your proposed upload is smaller than the minimum allowed size")
            .With("ProposedSize", Text(proposedBytes))
            .With("MinSizeAllowed", Text(minBytes));

    /// <summary>A quota of the bucket or its owner does not allow the write. S3 has no quotas; Ceph and others answer so.</summary>
    public static S3Error QuotaExceeded(QuotaRefusal refusal, bool showsFigures) => showsFigures
        ? new S3Error("QuotaExceeded", 403, refusal.ToString())
            .With("Scope", refusal.Scope)
            .With("Unit", refusal.Unit)
            .With("Limit", Text(refusal.Limit))
            .With("Used", Text(refusal.Used))
            .With("Needed", Text(refusal.Needed))
        : new S3Error("QuotaExceeded", 403, "A quota of the bucket or its owner does not allow this write.");

    public static S3Error InvalidDigest(string value) =>
        new S3Error("InvalidDigest", 400, "The Content-MD5 you specified was invalid.").With("Content-MD5", value);

    public static S3Error BadDigest(string message = "The Content-MD5 you specified did not match what we received.") =>
        new("BadDigest", 400, message);

    /// <summary>The checksum of the body differs from the declared one.</summary>
    public static S3Error BadChecksum(ChecksumAlgorithm algorithm) =>
        BadDigest($"The {algorithm.WireName} you specified did not match the calculated checksum.");

    /// <summary>A header or a trailer is not a valid checksum.</summary>
    public static S3Error InvalidChecksum(ChecksumAlgorithm algorithm, bool isTrailer = false) =>
        InvalidRequest($"Value for {algorithm.HeaderName} {(isTrailer ? "trailing header" : "header")} is invalid.");

    /// <summary>The signature is valid, but the body is not the signed one.</summary>
    public static S3Error ContentSha256Mismatch(string declaredHex, string actualHex) =>
        new S3Error("XAmzContentSHA256Mismatch", 400, "The provided 'x-amz-content-sha256' header does not match what was computed.")
            .With("ClientComputedContentSHA256", declaredHex)
            .With("S3ComputedContentSHA256", actualHex);

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);
}
