using MediaAspire.Api.S3.Protocol;
using MediaAspire.Core.Ids;
using MediaAspire.Core.Multipart;

namespace MediaAspire.Api.S3.Multipart;

/// <summary>ListMultipartUploads: lists the uploads in progress, at most 1,000 uploads and common prefixes per response.</summary>
internal sealed class ListMultipartUploads(MultipartCatalog uploads, IS3Owners owners) : IS3Operation
{
    private const int MostUploads = 1000;

    public async Task ExecuteAsync(S3Request request, CancellationToken cancellationToken)
    {
        var limit = UploadTarget.Limit(request, "max-uploads", MostUploads);
        var prefix = request.Parameter("prefix") ?? "";
        var delimiter = request.Parameter("delimiter") ?? "";
        var keyMarker = request.Parameter("key-marker") ?? "";

        // Without a key marker, the marker of an upload is ignored.
        var uploadMarker = keyMarker.Length > 0 ? request.Parameter("upload-id-marker") ?? "" : "";
        var page = await ReadAsync(request.Bucket.Id, new(prefix, delimiter, keyMarker, uploadMarker, limit), cancellationToken);
        var people = new Dictionary<string, S3Owner>();
        foreach (var id in page.Uploads.SelectMany(upload => new[] { upload.InitiatorId, upload.Attributes.OwnerId }).Distinct())
        {
            people.Add(id, await owners.FindAsync(id, cancellationToken));
        }

        var encode = Encoder(request);
        await S3Xml.WriteAsync(
            request,
            "ListMultipartUploadsResult",
            xml =>
            {
                xml.Element("Bucket", request.BucketName);
                xml.Element("KeyMarker", encode(keyMarker));
                xml.Element("UploadIdMarker", uploadMarker);
                if (page.IsTruncated)
                {
                    xml.Element("NextKeyMarker", encode(page.NextKey));
                    xml.Element("NextUploadIdMarker", page.NextUpload);
                }

                xml.Element("Prefix", encode(prefix));
                if (delimiter.Length > 0)
                {
                    xml.Element("Delimiter", encode(delimiter));
                }

                xml.Element("MaxUploads", limit);
                if (request.Parameter("encoding-type") is { } encoding)
                {
                    xml.Element("EncodingType", encoding);
                }

                xml.Element("IsTruncated", page.IsTruncated);
                foreach (var upload in page.Uploads)
                {
                    xml.Element("Upload", element =>
                    {
                        element.Element("Key", encode(upload.Key));
                        element.Element("UploadId", upload.Id.ToString());
                        element.Owner("Initiator", people[upload.InitiatorId]);
                        element.Owner("Owner", people[upload.Attributes.OwnerId]);
                        element.Element("StorageClass", upload.Attributes.StorageClass);
                        element.Element("Initiated", upload.InitiatedAt);
                        if (upload.Attributes.Checksum is { } checksum)
                        {
                            element.Element("ChecksumAlgorithm", checksum.Algorithm);
                            element.Element("ChecksumType", checksum.Type);
                        }
                    });
                }

                foreach (var common in page.CommonPrefixes)
                {
                    xml.Element("CommonPrefixes", element => element.Element("Prefix", encode(common)));
                }
            },
            cancellationToken);
    }

    private static Func<string, string> Encoder(S3Request request) => request.Parameter("encoding-type") switch
    {
        null => text => text,
        "url" => S3Text.EncodeKey,
        var other => throw S3Errors.InvalidArgument("encoding-type", other, "Invalid Encoding Method specified in Request").ToException(),
    };

    private async Task<Page> ReadAsync(BucketId bucket, Query query, CancellationToken cancellationToken)
    {
        if (query.Limit == 0)
        {
            return new([], [], IsTruncated: false, "", "");
        }

        var (nextKey, nextUpload) = ("", "");
        var (key, upload) = (query.KeyMarker, UploadId.TryParse(query.UploadMarker, out var parsed) ? parsed : (UploadId?)null);
        var found = new List<MultipartUpload>();
        var prefixes = new List<string>();
        while (true)
        {
            // Uploads under a common prefix are skipped one by one: few are in progress at once.
            var more = await uploads.ListAsync(bucket, query.Prefix, key, upload, MostUploads, cancellationToken);
            foreach (var next in more)
            {
                var common = CommonPrefix(next.Key, query);
                if (common is not null && (prefixes.Count > 0 && prefixes[^1] == common || common == query.KeyMarker))
                {
                    (key, upload) = (next.Key, next.Id);
                    continue;
                }

                if (found.Count + prefixes.Count == query.Limit)
                {
                    return new(found, prefixes, IsTruncated: true, nextKey, nextUpload);
                }

                // The next response starts after the last entry of this one.
                (key, upload) = (next.Key, next.Id);
                if (common is null)
                {
                    found.Add(next);
                    (nextKey, nextUpload) = (next.Key, next.Id.ToString());
                }
                else
                {
                    prefixes.Add(common);
                    (nextKey, nextUpload) = (common, "");
                }
            }

            if (more.Count < MostUploads)
            {
                return new(found, prefixes, IsTruncated: false, "", "");
            }
        }
    }

    private static string? CommonPrefix(string key, Query query)
    {
        var end = query.Delimiter.Length == 0 ? -1 : key.IndexOf(query.Delimiter, query.Prefix.Length, StringComparison.Ordinal);
        return end < 0 ? null : key[..(end + query.Delimiter.Length)];
    }

    private sealed record Query(string Prefix, string Delimiter, string KeyMarker, string UploadMarker, int Limit);

    private sealed record Page(
        IReadOnlyList<MultipartUpload> Uploads, IReadOnlyList<string> CommonPrefixes, bool IsTruncated, string NextKey, string NextUpload);
}
