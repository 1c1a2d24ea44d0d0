using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace MediaAspire.Api.S3.Protocol;

/// <summary>Reads the documents that clients send, at most <see cref="MaxBytes"/> bytes, while they arrive.</summary>
internal static class S3Documents
{
    /// <summary>
    /// The size of the largest accepted document. A completion with 10,000 parts and a deletion of 1,000 long keys both fit.
    /// </summary>
    public const int MaxBytes = 4 * 1024 * 1024;

    // No DTD, so that no entity expands. Keys may be blank, and may contain characters that XML 1.0 cannot represent.
    private static readonly XmlReaderSettings s_settings = new()
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        IgnoreComments = true,
        IgnoreProcessingInstructions = true,
        CheckCharacters = false,
        Async = true,
    };

    /// <summary>Reads the body as XML, and checks the digests sent with it.</summary>
    /// <param name="request">The request. Its sender is authorized as far as that is possible without the document.</param>
    /// <param name="bounds">The bounds of the document. It is not read beyond them.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The root element. Its children may or may not have the namespace of S3: compare local names.</returns>
    /// <exception cref="S3Exception">The body exceeds its bounds, does not match its signature or digest, or is not XML.</exception>
    public static async Task<XElement> ReadXmlAsync(S3Request request, DocumentBounds bounds, CancellationToken cancellationToken) =>
        await TryReadXmlAsync(request, bounds, cancellationToken) ?? throw S3Errors.MalformedXml().ToException();

    /// <summary>Reads the body as XML where it may be empty.</summary>
    /// <param name="request">The request.</param>
    /// <param name="bounds">The bounds of the document.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <param name="includesChecksums">
    /// A value indicating whether the checksums in the headers belong to the document; in a completion they belong to the object.
    /// </param>
    /// <returns><see langword="null"/> for an empty body.</returns>
    /// <inheritdoc cref="ReadXmlAsync"/>
    public static async Task<XElement?> TryReadXmlAsync(
        S3Request request, DocumentBounds bounds, CancellationToken cancellationToken, bool includesChecksums = true)
    {
        await using var body = new DocumentBody(request, MaxBytes, S3Errors.MessageTooLong(), includesChecksums);
        XElement? root = null;
        XmlException? malformed = null;
        try
        {
            root = await ParseAsync(body, bounds, cancellationToken);
        }
        catch (XmlException failure)
        {
            malformed = failure;
        }

        // A document that was damaged on its way has a wrong digest: the sender is told that, and not that it is malformed.
        await body.VerifyAsync(cancellationToken);
        return malformed is null || body.BytesRead == 0 ? root : throw new S3Exception(S3Errors.MalformedXml(), malformed);
    }

    /// <summary>
    /// Reads the body as a document before the sender is authorized, because policies may have conditions on its content.
    /// </summary>
    /// <param name="request">The request. A sender that can never be allowed the operation is refused before.</param>
    /// <param name="bounds">The bounds of the document.</param>
    /// <param name="parse">Reads the document; an <see cref="S3Exception"/> says that it is malformed.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The content, and the error of a malformed document. Throw the error only after the sender is authorized.</returns>
    /// <exception cref="S3Exception">The body is too long, or does not match its signature or digest.</exception>
    public static async Task<(T? Value, S3Exception? Malformed)> TryReadAsync<T>(
        S3Request request, DocumentBounds bounds, Func<XElement, T> parse, CancellationToken cancellationToken)
    {
        XElement root;
        try
        {
            root = await ReadXmlAsync(request, bounds, cancellationToken);
        }
        catch (S3Exception refused) when (refused.Error.Code == S3Errors.MalformedXml().Code)
        {
            return (default, refused);
        }

        try
        {
            return (parse(root), null);
        }
        catch (S3Exception refused)
        {
            return (default, refused);
        }
    }

    /// <summary>Parses a document that is a field of a form.</summary>
    /// <exception cref="S3Exception">The text exceeds the bounds, or is not XML.</exception>
    public static async Task<XElement> ParseAsync(string document, DocumentBounds bounds, CancellationToken cancellationToken)
    {
        try
        {
            using var body = new MemoryStream(Encoding.UTF8.GetBytes(document), writable: false);
            return await ParseAsync(body, bounds, cancellationToken);
        }
        catch (XmlException)
        {
            throw S3Errors.MalformedXml().ToException();
        }
    }

    /// <summary>Reads the whole body, and checks the digests sent with it.</summary>
    /// <param name="request">The request.</param>
    /// <param name="maxBytes">The maximum number of bytes.</param>
    /// <param name="tooLong">The error for a longer body.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="S3Exception">The body is too long, or does not match its signature or digest.</exception>
    public static async Task<byte[]> ReadAsync(S3Request request, int maxBytes, S3Error tooLong, CancellationToken cancellationToken)
    {
        await using var body = new DocumentBody(request, maxBytes, tooLong, includesChecksums: true);
        using var bytes = new MemoryStream();
        await body.CopyToAsync(bytes, bufferSize: 4096, cancellationToken);
        await body.VerifyAsync(cancellationToken);
        return bytes.ToArray();
    }

    /// <summary>Gets the children with a local name.</summary>
    public static IEnumerable<XElement> Named(this XElement element, string name) =>
        element.Elements().Where(child => child.Name.LocalName == name);

    /// <summary>Gets the text of the first child with a local name; <see langword="null"/> when it is missing.</summary>
    public static string? Text(this XElement element, string name) => element.Named(name).FirstOrDefault()?.Value;

    private static async Task<XElement> ParseAsync(Stream body, DocumentBounds bounds, CancellationToken cancellationToken)
    {
        using var reader = XmlReader.Create(body, s_settings);
        return await new DocumentBuilder(reader, bounds).BuildAsync(cancellationToken);
    }
}
