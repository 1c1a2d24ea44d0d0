using MediaAspire.Api.S3.Protocol;
using MediaAspire.Core.Ids;
using MediaAspire.Core.Objects;

namespace MediaAspire.Api.S3.Listing;

/// <summary>ListObjectVersions: lists all versions and delete markers, the newest of each key first.</summary>
internal sealed class ListObjectVersions(ObjectListings listings, IS3Owners owners) : IS3Operation
{
    private const string VersionMarker = "version-id-marker";

    public async Task ExecuteAsync(S3Request request, CancellationToken cancellationToken)
    {
        var listing = ListingRequest.Read(request);
        var keyMarker = request.Parameter("key-marker") ?? "";
        var versionMarker = request.Parameter(VersionMarker) ?? "";
        var query = listing.ToQuery(request.Bucket);
        var page = await listings.ListVersionsAsync(
            query with { After = ReadPosition(query, keyMarker, versionMarker) }, cancellationToken);
        var named = await ListingXml.OwnersAsync(owners, page.Entries, cancellationToken);

        await S3Xml.WriteAsync(
            request,
            "ListVersionsResult",
            xml =>
            {
                xml.Element("Name", request.BucketName);
                xml.Element("Prefix", listing.Encode(listing.Prefix));
                xml.Element("KeyMarker", listing.Encode(keyMarker));
                xml.Element("VersionIdMarker", versionMarker);
                if (page.Next is { } next)
                {
                    xml.Element("NextKeyMarker", listing.Encode(next.Text));
                    if (!next.IsPrefix)
                    {
                        xml.Element("NextVersionIdMarker", next.IsNullVersion ? ObjectVersion.NullVersion : next.Version.ToString());
                    }
                }

                xml.Limits(listing, page.Next is not null);
                foreach (var version in page.Entries)
                {
                    xml.Element(version.IsDeleteMarker ? "DeleteMarker" : "Version", element =>
                    {
                        element.Element("Key", listing.Encode(version.Key));
                        element.Element("VersionId", version.VersionName);
                        element.Element("IsLatest", version.IsLatest);
                        if (version.IsDeleteMarker)
                        {
                            element.Element("LastModified", version.ModifiedAt);
                        }
                        else
                        {
                            element.Content(version);
                        }

                        element.Owner("Owner", named[version.OwnerId]);
                        if (!version.IsDeleteMarker)
                        {
                            element.Element("StorageClass", version.StorageClass);
                        }
                    });
                }

                xml.CommonPrefixes(listing, page.CommonPrefixes);
            },
            cancellationToken);
    }

    private static ListingPosition? ReadPosition(ListingQuery query, string keyMarker, string versionMarker)
    {
        var behind = ListingRequest.Behind(query, keyMarker);
        if (versionMarker.Length == 0)
        {
            return behind;
        }

        if (behind is null)
        {
            throw S3Errors.InvalidArgument(
                VersionMarker, versionMarker, "A version-id marker cannot be specified without a key marker.").ToException();
        }

        VersionId version = default;
        var isNull = versionMarker == ObjectVersion.NullVersion;
        return !isNull && !VersionId.TryParse(versionMarker, out version)
            ? throw S3Errors.InvalidArgument(VersionMarker, versionMarker, "Invalid version id specified").ToException()
            : behind.IsPrefix ? behind
            : behind with { Version = isNull ? null : version, IsNullVersion = isNull };
    }
}
