using System.Security.Cryptography;
using System.Xml;
using System.Xml.Linq;
using MediaAspire.Core.Checksums;

namespace MediaAspire.Api.S3.Protocol;

/// <summary>How documents that clients send are read: whole, but never more than <see cref="MaxBytes"/> of them.</summary>
internal static class S3Documents
{
    /// <summary>The largest document taken: a completion with 10,000 parts and a deletion of 1,000 long keys both fit.</summary>
    public const int MaxBytes = 4 * 1024 * 1024;

    /// <summary>How far elements may stand within each other; no document of S3 comes near.</summary>
    private const int MaxDepth = 32;

    // No DTD, so that no entity can grow. Keys may be blank, and may hold characters that XML 1.0 has no form for.
    private static readonly XmlReaderSettings s_settings = new()
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        IgnoreComments = true,
        CheckCharacters = false,
    };

    /// <summary>Reads the body as XML, checking the digests that came with it.</summary>
    /// <returns>The root element. Its children may or may not have the namespace of S3: compare local names.</returns>
    /// <exception cref="S3Exception">The body is too long, not what was signed, or not XML.</exception>
    public static async Task<XElement> ReadXmlAsync(S3Request request, CancellationToken cancellationToken) =>
        Parse(await ReadAsync(request, cancellationToken));

    /// <summary>Reads the body as a document that is looked at before its sender is allowed anything, because policies may ask for what it says.</summary>
    /// <param name="request">The request.</param>
    /// <param name="parse">Reads the document; an <see cref="S3Exception"/> says that it is malformed.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>What it says, and what is wrong with it: to be thrown once the sender is allowed, for it is no business of a stranger's.</returns>
    /// <exception cref="S3Exception">The body is too long, or not what was signed.</exception>
    public static async Task<(T? Value, S3Exception? Malformed)> TryReadAsync<T>(
        S3Request request, Func<XElement, T> parse, CancellationToken cancellationToken)
    {
        var body = await ReadAsync(request, cancellationToken);
        try
        {
            return (parse(Parse(body)), null);
        }
        catch (S3Exception refused)
        {
            return (default, refused);
        }
    }

    /// <summary>Parses a body that was read.</summary>
    /// <exception cref="S3Exception">It is not XML.</exception>
    public static XElement Parse(byte[] body)
    {
        try
        {
            CheckDepth(body);
            using var stream = new MemoryStream(body, writable: false);
            using var reader = XmlReader.Create(stream, s_settings);
            return XDocument.Load(reader, LoadOptions.PreserveWhitespace).Root!;
        }
        catch (XmlException)
        {
            throw S3Errors.MalformedXml().ToException();
        }
    }

    /// <summary>Reads the body whole, checking the digests that came with it.</summary>
    public static async Task<byte[]> ReadAsync(S3Request request, CancellationToken cancellationToken)
    {
        var body = await ReadWithoutChecksumAsync(request, cancellationToken);
        CheckChecksums(request, body);
        return body;
    }

    /// <summary>Reads the body whole where a checksum in the headers is that of something else.</summary>
    public static async Task<byte[]> ReadWithoutChecksumAsync(S3Request request, CancellationToken cancellationToken)
    {
        if (request.Payload.Length > MaxBytes)
        {
            throw TooLong().ToException();
        }

        using var bytes = new MemoryStream();
        var buffer = new byte[16 * 1024];
        int read;
        while ((read = await request.Payload.Body.ReadAsync(buffer, cancellationToken)) > 0)
        {
            if (bytes.Length + read > MaxBytes)
            {
                throw TooLong().ToException();
            }

            bytes.Write(buffer, 0, read);
        }

        var body = bytes.ToArray();
        if (request.Payload.DeclaredSha256 is { } declared && new Sha256Digest(SHA256.HashData(body)) is var actual && !declared.Equals(actual))
        {
            throw S3Errors.ContentSha256Mismatch(declared.ToString(), actual.ToString()).ToException();
        }

        CheckMd5(request, body);
        return body;
    }

    // Building the tree takes a time that grows with the square of the depth: minutes for a document of MaxBytes that is nothing but depth.
    private static void CheckDepth(byte[] body)
    {
        using var stream = new MemoryStream(body, writable: false);
        using var reader = XmlReader.Create(stream, s_settings);
        while (reader.Read())
        {
            if (reader.Depth > MaxDepth)
            {
                throw S3Errors.MalformedXml().ToException();
            }
        }
    }

    /// <summary>Gets the children of a local name.</summary>
    public static IEnumerable<XElement> Named(this XElement element, string name) => element.Elements().Where(child => child.Name.LocalName == name);

    /// <summary>Gets the text of the first child of a local name; <see langword="null"/> when there is none.</summary>
    public static string? Text(this XElement element, string name) => element.Named(name).FirstOrDefault()?.Value;

    // MD5 is what the header carries; it protects against accidents, not against people.
#pragma warning disable CA5351
    private static void CheckMd5(S3Request request, byte[] body)
    {
        if (request.Headers.ContentMD5.ToString() is not { Length: > 0 } declared)
        {
            return;
        }

        Span<byte> expected = stackalloc byte[MD5.HashSizeInBytes];
        if (!Convert.TryFromBase64String(declared, expected, out var length) || length != MD5.HashSizeInBytes)
        {
            throw S3Errors.InvalidDigest(declared).ToException();
        }

        if (!expected.SequenceEqual(MD5.HashData(body)))
        {
            throw S3Errors.BadDigest().ToException();
        }
    }
#pragma warning restore CA5351

    private static void CheckChecksums(S3Request request, byte[] body)
    {
        foreach (var algorithm in ChecksumNames.All)
        {
            var header = request.Header(algorithm.HeaderName);
            if ((header ?? request.Payload.Trailers.GetValueOrDefault(algorithm.HeaderName)) is not { } declared)
            {
                continue;
            }

            if (!Checksum.TryParse(algorithm, declared, out var expected))
            {
                throw S3Errors.InvalidChecksum(algorithm, isTrailer: header is null).ToException();
            }

            using var digest = ChecksumContentDigest.Create(algorithm);
            digest.Append(body);
            if (!digest.GetChecksum().Equals(expected))
            {
                throw S3Errors.BadChecksum(algorithm).ToException();
            }
        }
    }

    private static S3Error TooLong() => new("MaxMessageLengthExceeded", 400, "Your request was too big.");
}
