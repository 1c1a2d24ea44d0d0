using System.Globalization;
using System.Text;
using MediaAspire.Api.S3.Protocol;

namespace MediaAspire.Api.S3.Signing;

/// <summary>Errors of signatures, with the codes and messages of S3.</summary>
internal static class SigningErrors
{
    public static S3Error HeaderMalformed(string fault) =>
        new("AuthorizationHeaderMalformed", 400, $"The authorization header is malformed; {fault}");

    public static S3Error MissingComponents() =>
        HeaderMalformed("the authorization header requires three components: Credential, SignedHeaders, and Signature.");

    /// <remarks>Clients read the region from it, and retry there.</remarks>
    public static S3Error WrongRegionInHeader(string actual, string expected) =>
        HeaderMalformed(WrongRegion(actual, expected)).With("Region", expected);

    public static S3Error QueryMalformed(string message, int status = 400) => new("AuthorizationQueryParametersError", status, message);

    public static S3Error CredentialParameterMalformed(string fault) =>
        QueryMalformed($"Error parsing the X-Amz-Credential parameter; {fault}");

    public static S3Error WrongRegionInQuery(string actual, string expected) =>
        CredentialParameterMalformed(WrongRegion(actual, expected)).With("Region", expected);

    public static S3Error MissingQueryParameters() => QueryMalformed(
        "Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, X-Amz-Signature, X-Amz-Date, "
        + "X-Amz-SignedHeaders, and X-Amz-Expires parameters.");

    public static string CredentialDateMismatch(string credentialDate, string requestDate) =>
        $"Invalid credential date \"{credentialDate}\". This date is not the same as X-Amz-Date: \"{requestDate}\".";

    public static string WrongRegion(string actual, string expected) => $"the region '{actual}' is wrong; expecting '{expected}'";

    public static S3Error UnsupportedVersion2() =>
        S3Errors.InvalidRequest("The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.");

    public static S3Error UnsupportedAuthorizationType(string scheme) =>
        S3Errors.InvalidArgument("Authorization", scheme, "Unsupported Authorization Type");

    public static S3Error InvalidAuthorization(string value) =>
        S3Errors.InvalidArgument("Authorization", value, "Authorization header is invalid -- one and only one ' ' (space) required");

    public static S3Error InvalidVersion2Authorization() =>
        S3Errors.InvalidArgument("Authorization", value: null, "AWS authorization header is invalid.  Expected AwsAccessKeyId:signature");

    public static S3Error SeveralMechanisms(string authorization) => S3Errors.InvalidArgument(
        "Authorization",
        authorization,
        "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query string parameter or the Authorization "
        + "header should be specified");

    public static S3Error AsymmetricSignatures(string algorithm) =>
        S3Errors.NotImplemented($"Asymmetric signatures are not implemented: {algorithm}");

    public static S3Error InvalidContentSha256(string value) => S3Errors.InvalidArgument(
        SigV4.ContentSha256Header,
        value,
        "x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-UNSIGNED-PAYLOAD-TRAILER, STREAMING-AWS4-HMAC-SHA256-PAYLOAD, "
        + "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER, STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD, "
        + "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD-TRAILER or a valid sha256 value.");

    public static S3Error MissingContentSha256() =>
        S3Errors.InvalidRequest($"Missing required header for this request: {SigV4.ContentSha256Header}");

    /// <summary>The body is chunked, but the operation does not allow that.</summary>
    public static S3Error ChunkedNotAllowed() =>
        S3Errors.InvalidRequest($"The value of {SigV4.ContentSha256Header} header is invalid.");

    public static S3Error SignedChunksFromNobody() => S3Errors.InvalidRequest(
        $"Anonymous requests don't support this {SigV4.ContentSha256Header} value. Please use UNSIGNED-PAYLOAD or "
        + "STREAMING-UNSIGNED-PAYLOAD-TRAILER.");

    public static S3Error InvalidToken() => new("InvalidToken", 400, "The provided token is malformed or otherwise invalid.");

    public static S3Error MissingDate() => S3Errors.AccessDenied("AWS authentication requires a valid Date or x-amz-date header");

    public static S3Error RequestTimeTooSkewed(string requestTime, DateTimeOffset now, TimeSpan allowed) =>
        new S3Error("RequestTimeTooSkewed", 403, "The difference between the request time and the current time is too large.")
            .With("RequestTime", requestTime)
            .With("ServerTime", SigningTime.FormatExtended(now))
            .With("MaxAllowedSkewMilliseconds", allowed.TotalMilliseconds.ToString("0", CultureInfo.InvariantCulture));

    public static S3Error Expired(long expiresSeconds, DateTimeOffset expiry, DateTimeOffset now) =>
        S3Errors.AccessDenied("Request has expired")
            .With("X-Amz-Expires", expiresSeconds.ToString(CultureInfo.InvariantCulture))
            .With("Expires", SigningTime.FormatExtended(expiry))
            .With("ServerTime", SigningTime.FormatExtended(now));

    public static S3Error Expired(DateTimeOffset expiry, DateTimeOffset now) =>
        S3Errors.AccessDenied("Request has expired")
            .With("Expires", SigningTime.FormatExtended(expiry))
            .With("ServerTime", SigningTime.FormatExtended(now));

    public static S3Error MissingVersion2Parameters() =>
        S3Errors.AccessDenied("Query-string authentication requires the Signature, Expires and AWSAccessKeyId parameters");

    public static S3Error InvalidExpires(string expires) =>
        S3Errors.AccessDenied($"Invalid date (should be seconds since epoch): {expires}");

    public static S3Error NotValidYet(DateTimeOffset start, DateTimeOffset now) =>
        S3Errors.AccessDenied("Request is not valid yet")
            .With("X-Amz-Date", SigningTime.Format(start))
            .With("ServerTime", SigningTime.FormatExtended(now));

    public static S3Error HeadersNotSigned(IEnumerable<string> names) =>
        S3Errors.AccessDenied("There were headers present in the request which were not signed")
            .With("HeadersNotSigned", string.Join(", ", names));

    public static S3Error InvalidAccessKeyId(string accessKeyId) =>
        new S3Error("InvalidAccessKeyId", 403, "The AWS Access Key Id you provided does not exist in our records.")
            .With("AWSAccessKeyId", accessKeyId);

    /// <summary>
    /// The signature is wrong. The error shows the signed texts, so that the author of a client can compare them; the sender knows them
    /// all.
    /// </summary>
    public static S3Error SignatureDoesNotMatch(
        string accessKeyId, string signature, string stringToSign, ReadOnlySpan<byte> canonicalRequest = default)
    {
        var error = new S3Error(
            "SignatureDoesNotMatch",
            403,
            "The request signature we calculated does not match the signature you provided. Check your key and signing method.")
            .With("AWSAccessKeyId", accessKeyId)
            .With("StringToSign", stringToSign)
            .With("SignatureProvided", signature);
        return canonicalRequest.IsEmpty ? error : error.With("CanonicalRequest", Encoding.UTF8.GetString(canonicalRequest));
    }
}
