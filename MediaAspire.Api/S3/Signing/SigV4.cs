using System.Buffers;
using MediaAspire.Core.ObjectStore;

namespace MediaAspire.Api.S3.Signing;

/// <summary>The constants of AWS Signature Version 4.</summary>
internal static class SigV4
{
    public const string Algorithm = "AWS4-HMAC-SHA256";
    public const string ChunkAlgorithm = "AWS4-HMAC-SHA256-PAYLOAD";
    public const string TrailerAlgorithm = "AWS4-HMAC-SHA256-TRAILER";
    public const string Service = "s3";
    public const string Terminal = SignatureKeys.Terminal;

    public const string ContentSha256Header = "x-amz-content-sha256";
    public const string DateHeader = "x-amz-date";
    public const string SecurityTokenHeader = "x-amz-security-token";

    public const string EmptySha256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    /// <summary>The number of hexadecimal characters in a signature.</summary>
    public const int SignatureLength = 64;

    private static readonly SearchValues<char> s_lowerHex = SearchValues.Create("0123456789abcdef");

    /// <summary>Determines whether a text has the form of a signature: 64 lower-case hexadecimal characters.</summary>
    public static bool IsSignature(ReadOnlySpan<char> text) =>
        text.Length == SignatureLength && !text.ContainsAnyExcept(s_lowerHex);
}
