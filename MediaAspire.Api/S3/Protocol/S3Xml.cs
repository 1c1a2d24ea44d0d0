using System.Globalization;
using System.Text;
using System.Xml;

namespace MediaAspire.Api.S3.Protocol;

/// <summary>Writes the documents of the S3 API.</summary>
internal static class S3Xml
{
    public const string Namespace = "http://s3.amazonaws.com/doc/2006-03-01/";

    public const string ContentType = "application/xml";

    // Keys may contain characters that XML 1.0 cannot represent; S3 writes them as character references nevertheless.
    private static readonly XmlWriterSettings s_settings = new()
    {
        Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
        CheckCharacters = false,
        NewLineHandling = NewLineHandling.Entitize,
        Async = false,
    };

    /// <summary>Writes a response with a document whose root has the namespace of S3.</summary>
    public static Task WriteAsync(
        S3Request request, string root, Action<XmlWriter> content, CancellationToken cancellationToken, int status = 200) =>
        WriteAsync(request, Build(root, Namespace, content), status, cancellationToken);

    /// <summary>Builds a document in memory: the number of entries in a response is bounded.</summary>
    public static ReadOnlyMemory<byte> Build(string root, string? ns, Action<XmlWriter> content)
    {
        ArgumentNullException.ThrowIfNull(content);

        using var bytes = new MemoryStream();
        using (var xml = XmlWriter.Create(bytes, s_settings))
        {
            xml.WriteStartElement(root, ns);
            content(xml);
            xml.WriteEndElement();
        }

        return bytes.GetBuffer().AsMemory(0, (int)bytes.Length);
    }

    public static async Task WriteAsync(S3Request request, ReadOnlyMemory<byte> document, int status, CancellationToken cancellationToken)
    {
        var response = request.Response;
        response.StatusCode = status;
        response.ContentType = ContentType;
        response.ContentLength = document.Length;
        if (!request.IsHead)
        {
            await response.BodyWriter.WriteAsync(document, cancellationToken);
        }
    }

    /// <summary>Writes an element with a text.</summary>
    public static void Element(this XmlWriter xml, string name, string? text)
    {
        xml.WriteStartElement(name);
        xml.WriteString(text);
        xml.WriteEndElement();
    }

    public static void Element(this XmlWriter xml, string name, long number) =>
        xml.Element(name, number.ToString(CultureInfo.InvariantCulture));

    public static void Element(this XmlWriter xml, string name, bool value) => xml.Element(name, value ? "true" : "false");

    public static void Element(this XmlWriter xml, string name, DateTimeOffset time) => xml.Element(name, Time(time));

    /// <summary>Writes an element with child elements.</summary>
    public static void Element(this XmlWriter xml, string name, Action<XmlWriter> content)
    {
        xml.WriteStartElement(name);
        content(xml);
        xml.WriteEndElement();
    }

    /// <summary>Formats a time for a document: UTC with milliseconds.</summary>
    public static string Time(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
