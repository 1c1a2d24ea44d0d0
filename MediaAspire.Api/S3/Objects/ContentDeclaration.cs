using System.Security.Cryptography;
using MediaAspire.Api.S3.Protocol;
using MediaAspire.Core.Checksums;

namespace MediaAspire.Api.S3.Objects;

/// <summary>The digests that a sender declares for its bytes, besides their signature.</summary>
internal sealed record ContentDeclaration
{
    private const string ChecksumPrefix = "x-amz-checksum-";

    // Headers with the prefix whose value is not a checksum.
    private static readonly string[] s_noValues = ["algorithm", "type", "mode"];

    public static ContentDeclaration None { get; } = new();

    /// <summary>Gets the MD5 of <c>Content-MD5</c>: 16 bytes.</summary>
    public byte[]? Md5 { get; private init; }

    /// <summary>Gets the algorithm of the checksum; <see langword="null"/> without a checksum.</summary>
    public ChecksumAlgorithm? Algorithm { get; private init; }

    /// <summary>Gets the checksum; <see langword="null"/> when it is in a trailer or missing.</summary>
    public Checksum? Checksum { get; private init; }

    /// <summary>Reads the declaration from headers, or from the fields of a form.</summary>
    /// <exception cref="S3Exception">The declaration is malformed, or contradicts itself.</exception>
    public static ContentDeclaration Read(IHeaderDictionary headers)
    {
        var checksum = ReadChecksum(headers);
        var algorithm = checksum?.Algorithm;
        if (ReadTrailer(headers) is { } trailer)
        {
            algorithm = algorithm is null ? trailer : throw Several().ToException();
        }

        if (headers.TryGetValue("x-amz-sdk-checksum-algorithm", out var named))
        {
            if (!ChecksumNames.TryParseAlgorithm(named.ToString(), out var sdk))
            {
                throw S3Errors.InvalidRequest("Value for x-amz-sdk-checksum-algorithm header is invalid.").ToException();
            }

            if (algorithm is null)
            {
                throw S3Errors.InvalidRequest(
                    "x-amz-sdk-checksum-algorithm specified, "
                    + "but no corresponding x-amz-checksum-* or x-amz-trailer headers were found.").ToException();
            }

            if (algorithm != sdk)
            {
                throw S3Errors.InvalidRequest("Value for x-amz-sdk-checksum-algorithm header is invalid.").ToException();
            }
        }

        return new() { Md5 = ReadMd5(headers), Algorithm = algorithm, Checksum = checksum };
    }

    private static Checksum? ReadChecksum(IHeaderDictionary headers)
    {
        (ChecksumAlgorithm Algorithm, string Value)? found = null;
        foreach (var (name, value) in headers)
        {
            if (!name.StartsWith(ChecksumPrefix, StringComparison.OrdinalIgnoreCase)
                || s_noValues.Contains(name[ChecksumPrefix.Length..], StringComparer.OrdinalIgnoreCase))
            {
                continue;
            }

            if (!ChecksumNames.TryParseHeader(name, out var algorithm))
            {
                throw S3Errors.InvalidRequest("The algorithm type you specified in x-amz-checksum- header is invalid.").ToException();
            }

            found = found is null ? (algorithm, value.ToString()) : throw Several().ToException();
        }

        return found is not { } declared ? null
            : Core.Checksums.Checksum.TryParse(declared.Algorithm, declared.Value.Trim(), out var checksum) ? checksum
            : throw S3Errors.InvalidChecksum(declared.Algorithm).ToException();
    }

    private static ChecksumAlgorithm? ReadTrailer(IHeaderDictionary headers)
    {
        ChecksumAlgorithm? found = null;
        const StringSplitOptions split = StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries;
        foreach (var name in headers["x-amz-trailer"].ToString().Split(',', split))
        {
            if (!ChecksumNames.TryParseHeader(name, out var algorithm))
            {
                throw S3Errors.InvalidRequest("The value specified in the x-amz-trailer header is not supported").ToException();
            }

            found = found is null ? algorithm : throw Several().ToException();
        }

        return found;
    }

    private static byte[]? ReadMd5(IHeaderDictionary headers)
    {
        if (!headers.TryGetValue("Content-MD5", out var values))
        {
            return null;
        }

        var text = values.ToString().Trim();
        var md5 = new byte[MD5.HashSizeInBytes];
        return Convert.TryFromBase64String(text, md5, out var length) && length == md5.Length
            ? md5
            : throw S3Errors.InvalidDigest(text).ToException();
    }

    private static S3Error Several() =>
        S3Errors.InvalidRequest("Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.");
}
