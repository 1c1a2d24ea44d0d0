using System.Xml;
using MediaAspire.Api.S3.Protocol;
using MediaAspire.Core.Objects;

namespace MediaAspire.Api.S3.Listing;

/// <summary>Writes the elements that the documents of listings share.</summary>
internal static class ListingXml
{
    /// <summary>Writes <c>MaxKeys</c>, <c>Delimiter</c>, <c>EncodingType</c> and <c>IsTruncated</c>.</summary>
    public static void Limits(this XmlWriter xml, ListingRequest listing, bool isTruncated)
    {
        xml.Element("MaxKeys", listing.MaxKeys);
        if (listing.Delimiter.Length > 0)
        {
            xml.Element("Delimiter", listing.Encode(listing.Delimiter));
        }

        if (listing.IsEncoded)
        {
            xml.Element("EncodingType", "url");
        }

        xml.Element("IsTruncated", isTruncated);
    }

    /// <summary>Writes the elements that an object and a version share, up to <c>Size</c>.</summary>
    public static void Content(this XmlWriter xml, ListedObject entry)
    {
        xml.Element("LastModified", entry.ModifiedAt);
        xml.Element("ETag", $"\"{entry.ETag}\"");
        if (entry.ChecksumAlgorithm is { } algorithm)
        {
            xml.Element("ChecksumAlgorithm", algorithm);
            xml.Element("ChecksumType", entry.ChecksumType);
        }

        xml.Element("Size", entry.Size);
    }

    public static void CommonPrefixes(this XmlWriter xml, ListingRequest listing, IReadOnlyList<string> prefixes)
    {
        foreach (var prefix in prefixes)
        {
            xml.Element("CommonPrefixes", element => element.Element("Prefix", listing.Encode(prefix)));
        }
    }

    /// <summary>Finds the owners of the entries of a page, by their ids.</summary>
    public static async Task<IReadOnlyDictionary<string, S3Owner>> OwnersAsync(
        IS3Owners owners, IEnumerable<ListedObject> entries, CancellationToken cancellationToken)
    {
        var found = new Dictionary<string, S3Owner>();
        foreach (var id in entries.Select(entry => entry.OwnerId).Distinct())
        {
            found.Add(id, await owners.FindAsync(id, cancellationToken));
        }

        return found;
    }

    public static void Objects(
        this XmlWriter xml, ListingRequest listing, IEnumerable<ListedObject> entries, IReadOnlyDictionary<string, S3Owner>? owners)
    {
        foreach (var entry in entries)
        {
            xml.Element("Contents", element =>
            {
                element.Element("Key", listing.Encode(entry.Key));
                element.Content(entry);
                if (owners is not null)
                {
                    element.Owner("Owner", owners[entry.OwnerId]);
                }

                element.Element("StorageClass", entry.StorageClass);
            });
        }
    }
}
