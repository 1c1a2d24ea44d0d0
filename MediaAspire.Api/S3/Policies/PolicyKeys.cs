using System.Globalization;
using System.Net;
using MediaAspire.Api.S3.Locks;
using MediaAspire.Api.S3.Protocol;
using MediaAspire.Api.S3.Tagging;
using MediaAspire.Core.Buckets;

namespace MediaAspire.Api.S3.Policies;

/// <summary>The condition keys of policies, and their values in a request.</summary>
internal static class PolicyKeys
{
    public const string ExistingTagPrefix = "s3:ExistingObjectTag/";
    public const string RequestTagPrefix = "s3:RequestObjectTag/";

    public const string SourceIp = "aws:SourceIp";

    /// <summary>The maximum length of a value that a condition is evaluated on; S3 accepts no more in all headers together.</summary>
    public const int MaxValueLength = 8 * 1024;

    private const string HeaderPrefix = "s3:";

    private static readonly string[] s_headers =
    [
        "x-amz-acl", "x-amz-copy-source", "x-amz-metadata-directive", "x-amz-storage-class", "x-amz-content-sha256",
        "x-amz-grant-read", "x-amz-grant-write", "x-amz-grant-read-acp", "x-amz-grant-write-acp", "x-amz-grant-full-control",
        "x-amz-server-side-encryption", "x-amz-server-side-encryption-aws-kms-key-id", "x-amz-server-side-encryption-customer-algorithm",
        "x-amz-website-redirect-location",
    ];

    private static readonly Dictionary<string, Func<PolicyQuestion, string?>> s_known = new(StringComparer.OrdinalIgnoreCase)
    {
        [SourceIp] = question => Address(question.Request)?.ToString(),
        ["aws:SecureTransport"] = question => question.Request.Http.Request.IsHttps ? "true" : "false",
        ["aws:Referer"] = question => question.Request.Header("Referer"),
        ["aws:UserAgent"] = question => question.Request.Header("User-Agent"),
        ["aws:CurrentTime"] = question => Now(question).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
        ["aws:EpochTime"] = question => Now(question).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
        ["aws:PrincipalType"] = question => question.Request.Principal.IsAnonymous ? "Anonymous" : "Account",
        ["aws:PrincipalAccount"] = question => question.Request.Principal.OwnerId,
        ["aws:userid"] = question => question.Request.Principal.OwnerId,
        ["s3:signatureversion"] = question => question.Request.Signature?.Version,
        ["s3:authType"] = question => question.Request.Signature?.AuthType,
        ["s3:prefix"] = question => question.Prefix,
        ["s3:delimiter"] = question => question.IsListing && question.Key is null ? question.Request.Parameter("delimiter") : null,
        ["s3:object-lock-mode"] = question => Lock(question, given => given.Retention?.Mode.Name, LockHeaders.Mode),
        ["s3:object-lock-retain-until-date"] = question => RetainedUntil(question)?.ToString("O", CultureInfo.InvariantCulture),
        ["s3:object-lock-remaining-retention-days"] = question => RetainedUntil(question) is { } until
            ? Math.Ceiling((until - Now(question)).TotalDays).ToString(CultureInfo.InvariantCulture)
            : null,
        ["s3:object-lock-legal-hold"] = question =>
            Lock(question, given => given.LegalHold is { } isOn ? isOn ? LockXml.On : LockXml.Off : null, LockHeaders.LegalHold),
        ["s3:max-keys"] = question => question.IsListing && question.Key is null ? question.Request.Parameter("max-keys") : null,
    };

    public static bool IsKnown(string key) =>
        s_known.ContainsKey(key) || IsTag(key, ExistingTagPrefix) || IsTag(key, RequestTagPrefix) || HeaderOf(key) is not null;

    /// <summary>Gets the value of a key in a request; <see langword="null"/> when the request has no value.</summary>
    /// <exception cref="S3Exception">The value is longer than <see cref="MaxValueLength"/>, or malformed.</exception>
    public static string? Value(string key, PolicyQuestion question)
    {
        // A value cut short could pass a condition that the whole one does not.
        var value = Find(key, question);
        return value?.Length > MaxValueLength ? throw S3Errors.HeadersTooLong().ToException() : value;
    }

    /// <summary>Gets the address of the client; an IPv4 address that the socket maps to IPv6 is mapped back.</summary>
    public static IPAddress? Address(S3Request request) =>
        request.Http.Connection.RemoteIpAddress is { } address ? address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address : null;

    private static string? Find(string key, PolicyQuestion question)
    {
        if (s_known.TryGetValue(key, out var known))
        {
            return known(question);
        }

        if (IsTag(key, ExistingTagPrefix))
        {
            return question.Version?.Attributes.Tags.GetValueOrDefault(key[ExistingTagPrefix.Length..]);
        }

        return IsTag(key, RequestTagPrefix)
            ? RequestTags(question.Request).GetValueOrDefault(key[RequestTagPrefix.Length..])
            : Header(HeaderOf(key)!, question);
    }

    private static DateTimeOffset Now(PolicyQuestion question) =>
        question.Request.Http.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow();

    // From the request, not from the default of the bucket.
    private static string? Lock(PolicyQuestion question, Func<ObjectLock, string?> ofDocument, string header) =>
        question.Request.GivenLock is { } given ? ofDocument(given)
        : question.Request.GivenHeaders[header].ToString() is { Length: > 0 } value ? value
        : null;

    private static DateTimeOffset? RetainedUntil(PolicyQuestion question) =>
        question.Request.GivenLock is { } given ? given.Retention?.Until
        : RetainUntil.Parse(question.Request.GivenHeaders[LockHeaders.Until].ToString());

    private static bool IsTag(string key, string prefix) =>
        key.StartsWith(prefix, StringComparison.OrdinalIgnoreCase) && key.Length > prefix.Length;

    private static string? HeaderOf(string key) =>
        key.StartsWith(HeaderPrefix, StringComparison.OrdinalIgnoreCase)
            ? s_headers.FirstOrDefault(header => header.Equals(key[HeaderPrefix.Length..], StringComparison.OrdinalIgnoreCase))
            : null;

    private static IReadOnlyDictionary<string, string> RequestTags(S3Request request)
    {
        if (request.GivenTags is { } given)
        {
            return given;
        }

        string? header = request.GivenHeaders["x-amz-tagging"];
        request.PolicyBudget.Spend(header?.Length ?? 0);
        return TagSet.ParseHeader(header);
    }

    private static string? Header(string name, PolicyQuestion question)
    {
        var value = question.Request.GivenHeaders[name].ToString();
        if (value.Length == 0)
        {
            return null;
        }

        if (name != "x-amz-copy-source")
        {
            return value;
        }

        // Bucket and key decoded, however the client encoded them.
        var version = value.LastIndexOf("?versionId=", StringComparison.Ordinal);
        return S3Target.Decode(version < 0 ? value : value[..version]).TrimStart('/');
    }
}
