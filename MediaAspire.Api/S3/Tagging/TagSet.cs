using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;
using MediaAspire.Api.S3.Protocol;

namespace MediaAspire.Api.S3.Tagging;

/// <summary>Reads, checks and writes the tags of objects and buckets.</summary>
internal static partial class TagSet
{
    public const int MaxObjectTags = 10;

    public const int MaxBucketTags = 50;

    private const int MaxKeyLength = 128;
    private const int MaxValueLength = 256;

    /// <summary>Reads <c>x-amz-tagging</c>, in the syntax of a query: <c>a=1&amp;b=2</c>.</summary>
    /// <exception cref="S3Exception">The header is malformed, or a tag is not allowed.</exception>
    public static IReadOnlyDictionary<string, string> ParseHeader(string? header)
    {
        var tags = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var text = header ?? "";
        foreach (var range in text.AsSpan().Split('&'))
        {
            var pair = text[range];
            if (pair.Length == 0)
            {
                continue;
            }

            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            var key = Decode(equals < 0 ? pair : pair[..equals]);
            var value = equals < 0 ? "" : Decode(pair[(equals + 1)..]);
            if (!tags.TryAdd(key, value))
            {
                throw InvalidHeader().ToException();
            }

            // A header of 32 KB has 16,000 tags.
            if (tags.Count > MaxObjectTags)
            {
                break;
            }
        }

        return Checked(tags, MaxObjectTags);

        static string Decode(string text)
        {
            try
            {
                return S3Target.Decode(text.Replace('+', ' '));
            }
            catch (S3Exception)
            {
                throw InvalidHeader().ToException();
            }
        }
    }

    /// <summary>Reads a <c>Tagging</c> document.</summary>
    /// <exception cref="S3Exception">The document is malformed, or a tag is not allowed.</exception>
    public static IReadOnlyDictionary<string, string> Parse(XElement document, int maxTags)
    {
        if (document.Name.LocalName != "Tagging" || document.Named("TagSet").FirstOrDefault() is not { } set)
        {
            throw S3Errors.MalformedXml().ToException();
        }

        var tags = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var tag in set.Elements())
        {
            if (tag.Name.LocalName != "Tag" || tag.Text("Key") is not { } key || tag.Text("Value") is not { } value)
            {
                throw S3Errors.MalformedXml().ToException();
            }

            if (!tags.TryAdd(key, value))
            {
                throw InvalidTag("Cannot provide multiple Tags with the same key", key).ToException();
            }
        }

        return Checked(tags, maxTags);
    }

    /// <summary>Writes a <c>TagSet</c> element, in the order of the keys.</summary>
    public static void Write(XmlWriter xml, IReadOnlyDictionary<string, string> tags) => xml.Element("TagSet", set =>
    {
        foreach (var (key, value) in tags.OrderBy(tag => tag.Key, StringComparer.Ordinal))
        {
            set.Element("Tag", tag =>
            {
                tag.Element("Key", key);
                tag.Element("Value", value);
            });
        }
    });

    private static SortedDictionary<string, string> Checked(SortedDictionary<string, string> tags, int maxTags)
    {
        if (tags.Count > maxTags)
        {
            throw new S3Error("InvalidTag", 400, $"There can be no more than {maxTags} tags.").ToException();
        }

        foreach (var (key, value) in tags)
        {
            if (key.Length is 0 or > MaxKeyLength || !Allowed().IsMatch(key))
            {
                throw InvalidTag("The TagKey you have provided is invalid", key).ToException();
            }

            if (key.StartsWith("aws:", StringComparison.OrdinalIgnoreCase))
            {
                throw InvalidTag("System tags cannot be added/updated by requester", key).ToException();
            }

            if (value.Length > MaxValueLength || !Allowed().IsMatch(value))
            {
                throw InvalidTag("The TagValue you have provided is invalid", key).ToException();
            }
        }

        return tags;
    }

    private static S3Error InvalidTag(string message, string key) => new S3Error("InvalidTag", 400, message).With("TagKey", key);

    private static S3Error InvalidHeader() => S3Errors.InvalidArgument(
        "x-amz-tagging",
        null,
        "The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded URL query parameters without tag name duplicates.");

    // S3 allows letters, digits and white space of any script, and a few signs.
    [GeneratedRegex(@"^[\p{L}\p{Z}\p{N}_.:/=+\-@]*\z", RegexOptions.CultureInvariant)]
    private static partial Regex Allowed();
}
