using MediaAspire.Core.Checksums;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MediaAspire.Api.Files;

/// <summary>The SHA-256 values that a client declared for the bytes it sends.</summary>
/// <param name="Values">Every one of them must match.</param>
/// <param name="Problem">The problem with the headers; <see langword="null"/> for none.</param>
internal sealed record DeclaredDigests(IReadOnlyList<Sha256Digest> Values, ProblemHttpResult? Problem)
{
    public const string ChecksumHeader = "x-checksum-sha256";
    public const string ContentDigestHeader = "Content-Digest";

    /// <summary>Reads <c>x-checksum-sha256</c> (hexadecimal or base64) and, if requested, <c>Content-Digest</c> of RFC 9530.</summary>
    /// <example><c>Content-Digest: sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:, sha-512=:…:</c></example>
    public static DeclaredDigests Read(IHeaderDictionary headers, bool includeContentDigest)
    {
        var values = new List<Sha256Digest>(2);
        foreach (var value in headers[ChecksumHeader])
        {
            if (!TryParse(value?.Trim(), out var digest))
            {
                return Invalid(ChecksumHeader, value);
            }

            values.Add(digest);
        }

        if (includeContentDigest && !TryReadContentDigest(headers[ContentDigestHeader], values))
        {
            return Invalid(ContentDigestHeader, headers[ContentDigestHeader]);
        }

        return new(values, Problem: null);
    }

    public static bool TryParse(string? text, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Sha256Digest? digest) =>
        Sha256Digest.TryParseHex(text, out digest) || Sha256Digest.TryParseBase64(text, out digest);

    // Other algorithms are legal there, and are not checked.
    public static bool TryReadContentDigest(Microsoft.Extensions.Primitives.StringValues header, List<Sha256Digest> values)
    {
        const StringSplitOptions split = StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries;
        foreach (var member in header.SelectMany(line => (line ?? "").Split(',', split)))
        {
            if (!member.StartsWith("sha-256=", StringComparison.OrdinalIgnoreCase))
            {
                continue;
            }

            var item = member["sha-256=".Length..];
            if (item is not [':', .. var base64, ':'] || !Sha256Digest.TryParseBase64(base64, out var digest))
            {
                return false;
            }

            values.Add(digest);
        }

        return true;
    }

    private static DeclaredDigests Invalid(string source, string? value) => new([], FileErrors.InvalidChecksum(source, value ?? ""));
}
