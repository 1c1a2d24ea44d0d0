using System.Buffers;
using MediaAspire.Api.S3.Protocol;
using MediaAspire.Core.Checksums;

namespace MediaAspire.Api.S3.Signing;

/// <summary>Headers in the query of a presigned URL. SDKs put them there, so that the user of the URL does not have to send them.</summary>
/// <remarks>The signature covers the query, so they count as signed headers.</remarks>
internal static class HoistedHeaders
{
    private const string Prefix = "x-amz-";

    private static readonly SearchValues<char> s_token =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    // The parameters of the signature itself. The last names the checksum algorithm, which the checksum also tells.
    private static readonly HashSet<string> s_notHeaders = new(StringComparer.OrdinalIgnoreCase)
    {
        "x-amz-algorithm", "x-amz-credential", "x-amz-date", "x-amz-expires", "x-amz-signedheaders", "x-amz-signature",
        "x-amz-security-token", "x-amz-content-sha256", "x-amz-sdk-checksum-algorithm",
    };

    private static readonly HashSet<string> s_contentHeaders =
        new(StringComparer.OrdinalIgnoreCase) { Version2Canonical.ContentMd5, Version2Canonical.ContentType };

    private static readonly Dictionary<string, string> s_checksumsOfNothing =
        ChecksumNames.All.ToDictionary(algorithm => algorithm.HeaderName, OfNothing, StringComparer.OrdinalIgnoreCase);

    /// <summary>Adds the headers in a query to those of the request; a header of the request is not replaced.</summary>
    /// <param name="query">The query, whose signature has been verified.</param>
    /// <param name="headers">The request's headers.</param>
    /// <param name="isVersion2">A value indicating whether the type and the MD5 of the content may be in the query as well.</param>
    /// <exception cref="S3Exception">A name is not a valid header name.</exception>
    public static void Add(RequestQuery query, IHeaderDictionary headers, bool isVersion2)
    {
        var found = query.Parameters
            .Where(parameter => parameter.Name.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)
                || (isVersion2 && s_contentHeaders.Contains(parameter.Name)))
            .Where(parameter => !s_notHeaders.Contains(parameter.Name))
            .GroupBy(parameter => parameter.Name.ToLowerInvariant(), parameter => parameter.Value);
        foreach (var parameter in found)
        {
            var name = parameter.Key;
            if (name.AsSpan().ContainsAnyExcept(s_token))
            {
                throw S3Errors.InvalidArgument(name, null, "A header name must be a valid HTTP token.").ToException();
            }

            var values = parameter.Select(value => CanonicalRequest.EncodingOf(name).GetString(value).Trim()).ToArray();
            if (!headers.ContainsKey(name)
                && !(s_checksumsOfNothing.TryGetValue(name, out var nothing) && values is [var only] && only == nothing))
            {
                headers[name] = values;
            }
        }
    }

    // The SDK for JavaScript signs the checksum of an empty body, because the body is not known yet; the user of the URL sends another
    // body. AWS ignores every checksum in a query: https://github.com/localstack/localstack/pull/12164
    private static string OfNothing(ChecksumAlgorithm algorithm)
    {
        using var digest = ChecksumContentDigest.Create(algorithm);
        return digest.GetChecksum().ToString();
    }
}
