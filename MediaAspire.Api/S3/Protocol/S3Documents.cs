using System.Security.Cryptography;
using System.Xml;
using System.Xml.Linq;
using MediaAspire.Core.Checksums;

namespace MediaAspire.Api.S3.Protocol;

/// <summary>Reads the documents that clients send: whole, and at most <see cref="MaxBytes"/> bytes.</summary>
internal static class S3Documents
{
    /// <summary>
    /// The size of the largest accepted document. A completion with 10,000 parts and a deletion of 1,000 long keys both fit.
    /// </summary>
    public const int MaxBytes = 4 * 1024 * 1024;

    /// <summary>The maximum depth of elements; no document of S3 comes near it.</summary>
    private const int MaxDepth = 32;

    // No DTD, so that no entity expands. Keys may be blank, and may contain characters that XML 1.0 cannot represent.
    private static readonly XmlReaderSettings s_settings = new()
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        IgnoreComments = true,
        CheckCharacters = false,
    };

    /// <summary>Reads the body as XML, and checks the digests sent with it.</summary>
    /// <returns>The root element. Its children may or may not have the namespace of S3: compare local names.</returns>
    /// <exception cref="S3Exception">The body is too long, does not match its signature or digest, or is not XML.</exception>
    public static async Task<XElement> ReadXmlAsync(S3Request request, CancellationToken cancellationToken) =>
        Parse(await ReadAsync(request, cancellationToken));

    /// <summary>
    /// Reads the body as a document before the sender is authorized, because policies may have conditions on its content.
    /// </summary>
    /// <param name="request">The request.</param>
    /// <param name="parse">Reads the document; an <see cref="S3Exception"/> says that it is malformed.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The content, and the error of a malformed document. Throw the error only after the sender is authorized.</returns>
    /// <exception cref="S3Exception">The body is too long, or does not match its signature or digest.</exception>
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
    /// <exception cref="S3Exception">The body is not XML.</exception>
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

    /// <summary>Reads the whole body, and checks the digests sent with it.</summary>
    public static async Task<byte[]> ReadAsync(S3Request request, CancellationToken cancellationToken)
    {
        var body = await ReadWithoutChecksumAsync(request, cancellationToken);
        CheckChecksums(request, body);
        return body;
    }

    /// <summary>Reads the whole body where a checksum in the headers belongs to something else.</summary>
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
        if (request.Payload.DeclaredSha256 is { } declared
            && new Sha256Digest(SHA256.HashData(body)) is var actual
            && !declared.Equals(actual))
        {
            throw S3Errors.ContentSha256Mismatch(declared.ToString(), actual.ToString()).ToException();
        }

        CheckMd5(request, body);
        return body;
    }

    // The time to build the tree grows with the square of the depth: it takes minutes for a document of MaxBytes that only nests.
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

    /// <summary>Gets the children with a local name.</summary>
    public static IEnumerable<XElement> Named(this XElement element, string name) =>
        element.Elements().Where(child => child.Name.LocalName == name);

    /// <summary>Gets the text of the first child with a local name; <see langword="null"/> when it is missing.</summary>
    public static string? Text(this XElement element, string name) => element.Named(name).FirstOrDefault()?.Value;

    // The header carries an MD5. It protects against accidents, not against attackers.
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
