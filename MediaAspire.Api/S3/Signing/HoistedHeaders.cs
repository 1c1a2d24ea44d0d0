using System.Buffers;
using MediaAspire.Api.S3.Protocol;
using MediaAspire.Core.Checksums;

namespace MediaAspire.Api.S3.Signing;

/// <summary>Headers that stand in the query of a presigned URL: SDKs put them there, so that whoever uses the URL need not know of them.</summary>
/// <remarks>The signature covers the query, so they are as certain as signed headers, and count as such.</remarks>
internal static class HoistedHeaders
{
    private const string Prefix = "x-amz-";

    private static readonly SearchValues<char> s_token =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    // What the signature itself is made of. The last is what the SDK did about checksums, which the checksum tells by itself.
    private static readonly HashSet<string> s_notHeaders = new(StringComparer.OrdinalIgnoreCase)
    {
        "x-amz-algorithm", "x-amz-credential", "x-amz-date", "x-amz-expires", "x-amz-signedheaders", "x-amz-signature", "x-amz-security-token",
        "x-amz-content-sha256", "x-amz-sdk-checksum-algorithm",
    };

    private static readonly Dictionary<string, string> s_checksumsOfNothing =
        ChecksumNames.All.ToDictionary(algorithm => algorithm.HeaderName, OfNothing, StringComparer.OrdinalIgnoreCase);

    /// <summary>Adds the headers of a query to those that came; a header that came stays as it is.</summary>
    /// <param name="query">The query; its signature has been verified.</param>
    /// <param name="headers">The request's headers.</param>
    /// <exception cref="S3Exception">A name is none that a header can have.</exception>
    public static void Add(RequestQuery query, IHeaderDictionary headers)
    {
        var found = query.Parameters
            .Where(parameter => parameter.Name.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) && !s_notHeaders.Contains(parameter.Name))
            .GroupBy(parameter => parameter.Name.ToLowerInvariant(), parameter => parameter.Value);
        foreach (var parameter in found)
        {
            var name = parameter.Key;
            if (name.AsSpan().ContainsAnyExcept(s_token))
            {
                throw S3Errors.InvalidArgument(name, null, "A header's name must be a token.").ToException();
            }

            var values = parameter.Select(value => CanonicalRequest.EncodingOf(name).GetString(value).Trim()).ToArray();
            if (!headers.ContainsKey(name) && !(s_checksumsOfNothing.TryGetValue(name, out var nothing) && values is [var only] && only == nothing))
            {
                headers[name] = values;
            }
        }
    }

    // The SDK for JavaScript signs the checksum of the body that it has, which is none; whoever uses the URL sends another. AWS takes no notice
    // of any checksum in a query: https://github.com/localstack/localstack/pull/12164
    private static string OfNothing(ChecksumAlgorithm algorithm)
    {
        using var digest = ChecksumContentDigest.Create(algorithm);
        return digest.GetChecksum().ToString();
    }
}
