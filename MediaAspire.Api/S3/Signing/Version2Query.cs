using System.Globalization;
using MediaAspire.Api.S3.Protocol;

namespace MediaAspire.Api.S3.Signing;

/// <summary>The signature of version 2 in the query of a presigned URL.</summary>
/// <param name="AccessKeyId">The key that the client names.</param>
/// <param name="Expires">The end of the URL, as it was sent and signed.</param>
/// <param name="ExpiresAt">The parsed end of the URL.</param>
/// <param name="Signature">The signature as it was sent.</param>
internal sealed record Version2Query(string AccessKeyId, string Expires, DateTimeOffset ExpiresAt, string Signature)
{
    private const string AccessKeyParameter = "AWSAccessKeyId";
    private const string ExpiresParameter = "Expires";

    private static readonly long s_maxSeconds = DateTimeOffset.MaxValue.ToUnixTimeSeconds();

    /// <summary>Determines whether a query has a parameter of such a URL.</summary>
    public static bool IsIn(RequestQuery query) =>
        query.Contains(S3Parameters.Version2Signature) || query.Contains(AccessKeyParameter);

    /// <exception cref="S3Exception">A parameter is missing or wrong.</exception>
    public static Version2Query Parse(RequestQuery query)
    {
        if (query.Get(AccessKeyParameter) is not { Length: > 0 } id
            || query.Get(ExpiresParameter) is not { Length: > 0 } expires
            || query.Get(S3Parameters.Version2Signature) is not { Length: > 0 } signature)
        {
            throw SigningErrors.MissingVersion2Parameters().ToException();
        }

        return long.TryParse(expires, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds <= s_maxSeconds
            ? new(id, expires, DateTimeOffset.FromUnixTimeSeconds(seconds), signature)
            : throw SigningErrors.InvalidExpires(expires).ToException();
    }
}
