using System.Text;
using MediaAspire.Api.S3.Objects;
using MediaAspire.Api.S3.Protocol;
using MediaAspire.Api.S3.Signing;
using MediaAspire.Api.S3.Tagging;

namespace MediaAspire.Api.S3.Forms;

/// <summary>Converts the fields of a form to the headers of a put.</summary>
internal static class FormHeaders
{
    private const string TaggingField = "tagging";

    /// <exception cref="S3Exception">The tags are not XML, or not allowed.</exception>
    public static async Task<IHeaderDictionary> FromAsync(PostFields fields, CancellationToken cancellationToken)
    {
        var headers = new HeaderDictionary();
        foreach (var name in fields.Names)
        {
            var value = fields[name]!;
            if (name.Equals("acl", StringComparison.OrdinalIgnoreCase))
            {
                headers["x-amz-acl"] = value;
            }
            else if (name.Equals(TaggingField, StringComparison.OrdinalIgnoreCase))
            {
                headers["x-amz-tagging"] = await TagsOfAsync(value, cancellationToken);
            }
            else if (name.StartsWith(ObjectHeaders.MetadataPrefix, StringComparison.OrdinalIgnoreCase))
            {
                // One byte per character, as the server reads them from headers.
                headers[name] = Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(value));
            }
            else if (name.StartsWith("x-amz-", StringComparison.OrdinalIgnoreCase)
                || name.Equals("Content-Type", StringComparison.OrdinalIgnoreCase)
                || name.Equals("Content-MD5", StringComparison.OrdinalIgnoreCase)
                || ObjectHeaders.Kept.Contains(name, StringComparer.OrdinalIgnoreCase))
            {
                headers[name] = value;
            }
        }

        return headers;
    }

    // A form has a document, a put the syntax of a query.
    private static async Task<string> TagsOfAsync(string document, CancellationToken cancellationToken)
    {
        var root = await S3Documents.ParseAsync(document, DocumentBounds.List, cancellationToken);
        var tags = TagSet.Parse(root, TagSet.MaxObjectTags);
        return string.Join('&', tags.Select(tag => $"{Encode(tag.Key)}={Encode(tag.Value)}"));

        static string Encode(string text) => UriEncoding.Encode(text, keepSlash: false);
    }
}
