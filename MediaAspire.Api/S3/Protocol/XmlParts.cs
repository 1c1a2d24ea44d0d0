using System.Globalization;
using System.Xml.Linq;

namespace MediaAspire.Api.S3.Protocol;

/// <summary>The children of an element, none of which is unknown.</summary>
internal sealed class XmlParts
{
    private readonly ILookup<string, XElement> _children;

    /// <param name="element">The element.</param>
    /// <param name="names">
    /// The allowed names of its children: each at most once, or any number of times if it ends with an asterisk.
    /// </param>
    /// <exception cref="S3Exception">The element has other children.</exception>
    public XmlParts(XElement element, params ReadOnlySpan<string> names)
    {
        _children = element.Elements().ToLookup(child => child.Name.LocalName);
        var known = 0;
        foreach (var name in names)
        {
            var count = _children[name.TrimEnd('*')].Count();
            known += name.EndsWith('*') ? count : Math.Min(count, 1);
        }

        if (known != element.Elements().Count())
        {
            throw S3Errors.MalformedXml().ToException();
        }
    }

    public bool Has(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (_children.Contains(name))
            {
                return true;
            }
        }

        return false;
    }

    public IEnumerable<XElement> All(string name) => _children[name];

    public XElement? Single(string name) => _children[name].SingleOrDefault();

    public string? Text(string name) => Single(name)?.Value;

    /// <exception cref="S3Exception">The value is not a number of bytes.</exception>
    public long? Size(string name) => Text(name) is not { } text ? null
        : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var size) ? size
        : throw S3Errors.MalformedXml().ToException();

    /// <exception cref="S3Exception">The value is neither true nor false.</exception>
    public bool? Bool(string name) => Text(name) switch
    {
        null => null,
        "true" => true,
        "false" => false,
        _ => throw S3Errors.MalformedXml().ToException(),
    };
}
