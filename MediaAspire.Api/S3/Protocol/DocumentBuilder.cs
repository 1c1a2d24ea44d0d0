using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace MediaAspire.Api.S3.Protocol;

/// <summary>Builds a document from the nodes of a reader, and refuses it at the first node beyond its bounds.</summary>
internal sealed class DocumentBuilder(XmlReader reader, DocumentBounds bounds)
{
    private const string NamespaceOfDeclarations = "http://www.w3.org/2000/xmlns/";

    private readonly Stack<XElement> _open = new(DocumentBounds.MaxDepth);
    private readonly char[] _piece = new char[1024];
    private XElement? _root;
    private int _elements;

    /// <summary>Reads the document to its end.</summary>
    /// <exception cref="S3Exception">The document exceeds its bounds.</exception>
    /// <exception cref="XmlException">It is not XML.</exception>
    public async Task<XElement> BuildAsync(CancellationToken cancellationToken)
    {
        while (await reader.ReadAsync())
        {
            cancellationToken.ThrowIfCancellationRequested();
            switch (reader.NodeType)
            {
                case XmlNodeType.Element:
                    Begin();
                    break;
                case XmlNodeType.EndElement:
                    _open.Pop();
                    break;
                case XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.Whitespace or XmlNodeType.SignificantWhitespace:
                    await AddTextAsync();
                    break;
            }
        }

        // Without a root, the reader has thrown an exception.
        return _root!;
    }

    private void Begin()
    {
        if (++_elements > bounds.MaxElements
            || reader.Depth > DocumentBounds.MaxDepth
            || reader.AttributeCount > DocumentBounds.MaxAttributes
            || reader.Name.Length > DocumentBounds.MaxNameLength)
        {
            throw S3Errors.MalformedXml().ToException();
        }

        var element = new XElement(XName.Get(reader.LocalName, reader.NamespaceURI));
        var isEmpty = reader.IsEmptyElement;
        while (reader.MoveToNextAttribute())
        {
            AddAttribute(element);
        }

        if (_open.TryPeek(out var parent))
        {
            parent.Add(element);
        }
        else
        {
            _root = element;
        }

        if (!isEmpty)
        {
            _open.Push(element);
        }
    }

    private void AddAttribute(XElement element)
    {
        if (reader.Name.Length > DocumentBounds.MaxNameLength || reader.Value.Length > DocumentBounds.MaxNameLength)
        {
            throw S3Errors.MalformedXml().ToException();
        }

        // The name of xmlns="…" has a namespace in a reader, but not in a tree.
        var isDefault = reader.Prefix.Length == 0 && reader.NamespaceURI == NamespaceOfDeclarations;
        element.Add(new XAttribute(XName.Get(reader.LocalName, isDefault ? "" : reader.NamespaceURI), reader.Value));
    }

    // In pieces: a long text must not be in memory before its length is known.
    private async Task AddTextAsync()
    {
        if (!_open.TryPeek(out var element))
        {
            return;
        }

        var text = new StringBuilder();
        int read;
        while ((read = await reader.ReadValueChunkAsync(_piece, 0, _piece.Length)) > 0)
        {
            if (text.Length + read > DocumentBounds.MaxTextLength)
            {
                throw S3Errors.MessageTooLong().ToException();
            }

            text.Append(_piece, 0, read);
        }

        element.Add(text.ToString());
    }
}
