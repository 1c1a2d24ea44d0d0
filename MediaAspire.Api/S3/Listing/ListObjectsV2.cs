using MediaAspire.Api.S3.Protocol;
using MediaAspire.Core.Objects;

namespace MediaAspire.Api.S3.Listing;

/// <summary>ListObjectsV2: lists keys in pages; clients continue with a token.</summary>
internal sealed class ListObjectsV2(ObjectListings listings, IS3Owners owners) : IS3Operation
{
    public async Task ExecuteAsync(S3Request request, CancellationToken cancellationToken)
    {
        var listing = ListingRequest.Read(request);
        var token = request.Parameter("continuation-token");
        var startAfter = request.Parameter("start-after") ?? "";

        // Unlike a marker, this compares keys: keys after it may have a common prefix that starts before it.
        var after = !string.IsNullOrEmpty(token) ? ContinuationToken.Read(token)
            : startAfter.Length > 0 ? new(startAfter, IsPrefix: false)
            : null;
        var page = await listings.ListAsync(listing.ToQuery(request.Bucket) with { After = after }, cancellationToken);
        var named = request.Parameter("fetch-owner") == "true"
            ? await ListingXml.OwnersAsync(owners, page.Entries, cancellationToken)
            : null;

        await S3Xml.WriteAsync(
            request,
            "ListBucketResult",
            xml =>
            {
                xml.Element("Name", request.BucketName);
                xml.Element("Prefix", listing.Encode(listing.Prefix));
                if (startAfter.Length > 0)
                {
                    xml.Element("StartAfter", listing.Encode(startAfter));
                }

                if (token is not null)
                {
                    xml.Element("ContinuationToken", token);
                }

                if (page.Next is { } next)
                {
                    xml.Element("NextContinuationToken", ContinuationToken.Write(next));
                }

                xml.Element("KeyCount", page.Entries.Count + page.CommonPrefixes.Count);
                xml.Limits(listing, page.Next is not null);
                xml.Objects(listing, page.Entries, named);
                xml.CommonPrefixes(listing, page.CommonPrefixes);
            },
            cancellationToken);
    }
}
