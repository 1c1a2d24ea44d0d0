using System.Globalization;
using System.Text;
using System.Xml;

namespace MediaAspire.Api.S3.Protocol;

/// <summary>How documents of the S3 API are written.</summary>
internal static class S3Xml
{
    public const string Namespace = "http://s3.amazonaws.com/doc/2006-03-01/";

    public const string ContentType = "application/xml";

    // Keys may hold characters that XML 1.0 has no form for; S3 writes them as references all the same.
    private static readonly XmlWriterSettings s_settings = new()
    {
        Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
        CheckCharacters = false,
        NewLineHandling = NewLineHandling.Entitize,
        Async = false,
    };

    /// <summary>Answers with a document whose root has the namespace of S3.</summary>
    public static Task WriteAsync(S3Request request, string root, Action<XmlWriter> content, CancellationToken cancellationToken, int status = 200) =>
        WriteAsync(request, Build(root, Namespace, content), status, cancellationToken);

    /// <summary>Builds a document in memory: those of S3 are bounded by the number of entries that an answer may have.</summary>
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

    public static void Element(this XmlWriter xml, string name, long number) => xml.Element(name, number.ToString(CultureInfo.InvariantCulture));

    public static void Element(this XmlWriter xml, string name, bool value) => xml.Element(name, value ? "true" : "false");

    public static void Element(this XmlWriter xml, string name, DateTimeOffset time) => xml.Element(name, Time(time));

    /// <summary>Writes an element with content of its own.</summary>
    public static void Element(this XmlWriter xml, string name, Action<XmlWriter> content)
    {
        xml.WriteStartElement(name);
        content(xml);
        xml.WriteEndElement();
    }

    /// <summary>The form of times in documents: UTC with milliseconds.</summary>
    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
