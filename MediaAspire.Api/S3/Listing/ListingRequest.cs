using System.Globalization;
using System.Xml;
using MediaAspire.Api.S3.Protocol;
using MediaAspire.Core.Buckets;
using MediaAspire.Core.Objects;

namespace MediaAspire.Api.S3.Listing;

/// <summary>The parameters of every listing of keys.</summary>
/// <param name="Prefix">The prefix of the keys.</param>
/// <param name="Delimiter">The end of a common prefix; empty for none.</param>
/// <param name="MaxKeys">The maximum number of entries and common prefixes together.</param>
/// <param name="IsEncoded">A value indicating whether keys and similar texts are percent-encoded in the response.</param>
internal sealed record ListingRequest(string Prefix, string Delimiter, int MaxKeys, bool IsEncoded)
{
    public const int MaxPage = 1000;

    private const string OptionalAttributes = "x-amz-optional-object-attributes";

    /// <exception cref="S3Exception">A parameter is invalid.</exception>
    public static ListingRequest Read(S3Request request, string maxName = "max-keys")
    {
        var delimiter = request.Parameter("delimiter") ?? "";

        // An extension of Ceph. An ordered listing satisfies it, but keys can be grouped only in their order.
        if (delimiter.Length > 0 && string.Equals(request.Parameter("allow-unordered"), "true", StringComparison.OrdinalIgnoreCase))
        {
            throw S3Errors.InvalidArgument("allow-unordered", "true", "An unordered listing cannot have a delimiter").ToException();
        }

        if (request.Header(OptionalAttributes) is { } attributes
            && attributes.Split(',', StringSplitOptions.TrimEntries).Any(name => name != "RestoreStatus"))
        {
            throw S3Errors.InvalidArgument(OptionalAttributes, attributes, "Invalid attribute name specified").ToException();
        }

        return new(
            request.Parameter("prefix") ?? "",
            delimiter,
            ReadMost(request.Parameter(maxName), maxName),
            ReadEncoding(request.Parameter("encoding-type")));
    }

    public string Encode(string text) => IsEncoded ? S3Text.EncodeKey(text) : text;

    /// <summary>
    /// Encodes the prefix that the first version of listings repeats so that it reads the same decoded or not, where possible: botocore
    /// requests everything encoded, and does not decode the prefix.
    /// </summary>
    public string EncodePrefix() =>
        Prefix.AsSpan().ContainsAny('%', '+') || Prefix.Any(letter => !XmlConvert.IsXmlChar(letter) && !char.IsSurrogate(letter))
            ? Encode(Prefix)
            : Prefix;

    public ListingQuery ToQuery(Bucket bucket) => new(bucket.Id, MaxKeys) { Prefix = Prefix, Delimiter = Delimiter };

    /// <summary>
    /// Finds the position at which a listing continues after an entry: a common prefix is not repeated for its further keys.
    /// </summary>
    public static ListingPosition? Behind(ListingQuery query, string? marker) =>
        string.IsNullOrEmpty(marker) ? null
        : query.CommonPrefixOf(marker) is { } prefix ? new(prefix, IsPrefix: true)
        : new(marker, IsPrefix: false);

    private static int ReadMost(string? text, string name)
    {
        if (string.IsNullOrEmpty(text))
        {
            return MaxPage;
        }

        if (!int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var most))
        {
            throw S3Errors.InvalidArgument(name, text, $"Provided {name} not an integer or within integer range").ToException();
        }

        return most >= 0
            ? Math.Min(most, MaxPage)
            : throw S3Errors.InvalidArgument(name, text, $"Argument {name} must be an integer between 0 and 2147483647").ToException();
    }

    private static bool ReadEncoding(string? text) => text switch
    {
        null or "" => false,
        "url" => true,
        _ => throw S3Errors.InvalidArgument("encoding-type", text, "Invalid Encoding Method specified in Request").ToException(),
    };
}
