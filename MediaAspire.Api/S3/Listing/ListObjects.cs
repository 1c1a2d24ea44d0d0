using MediaAspire.Api.S3.Protocol;
using MediaAspire.Core.Objects;

namespace MediaAspire.Api.S3.Listing;

/// <summary>ListObjects: lists keys in pages; clients continue after the last key or common prefix of a page.</summary>
internal sealed class ListObjects(ObjectListings listings, IS3Owners owners) : IS3Operation
{
    public async Task ExecuteAsync(S3Request request, CancellationToken cancellationToken)
    {
        var listing = ListingRequest.Read(request);
        var marker = request.Parameter("marker") ?? "";
        var query = listing.ToQuery(request.Bucket);
        var page = await listings.ListAsync(query with { After = ListingRequest.Behind(query, marker) }, cancellationToken);
        var named = await ListingXml.OwnersAsync(owners, page.Entries, cancellationToken);

        await S3Xml.WriteAsync(
            request,
            "ListBucketResult",
            xml =>
            {
                xml.Element("Name", request.BucketName);
                xml.Element("Prefix", listing.EncodePrefix());
                xml.Element("Marker", listing.Encode(marker));

                // Without a delimiter the last key is the marker, and S3 does not repeat it.
                if (page.Next is { } next && listing.Delimiter.Length > 0)
                {
                    xml.Element("NextMarker", listing.Encode(next.Text));
                }

                xml.Limits(listing, page.Next is not null);
                xml.Objects(listing, page.Entries, named);
                xml.CommonPrefixes(listing, page.CommonPrefixes);
            },
            cancellationToken);
    }
}
