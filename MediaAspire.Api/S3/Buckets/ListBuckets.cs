using System.Globalization;
using System.Text;
using MediaAspire.Api.S3.Protocol;
using MediaAspire.Core.Buckets;
using Microsoft.AspNetCore.WebUtilities;

namespace MediaAspire.Api.S3.Buckets;

/// <summary>ListBuckets: lists the sender's buckets in the order of their names, all at once or in pages.</summary>
internal sealed class ListBuckets(BucketCatalog buckets, IS3Owners owners) : IS3Operation
{
    private const int MaxPage = 10_000;

    public async Task ExecuteAsync(S3Request request, CancellationToken cancellationToken)
    {
        var prefix = request.Parameter("prefix") ?? "";
        var region = request.Parameter("bucket-region");
        var most = ReadMost(request.Parameter("max-buckets"));
        var listing = new BucketListing(
            prefix, region, After(request.Parameter("continuation-token")), most is { } limit ? limit + 1 : int.MaxValue);

        // An anonymous sender has no buckets.
        var ownerId = request.Principal.OwnerId;
        var page = ownerId is null ? [] : await buckets.ListAsync(ownerId, listing, cancellationToken);
        var owner = ownerId is null ? new S3Owner("", "") : await owners.FindAsync(ownerId, cancellationToken);

        await S3Xml.WriteAsync(
            request,
            "ListAllMyBucketsResult",
            xml =>
            {
                xml.Owner("Owner", owner);
                xml.Element("Buckets", list =>
                {
                    foreach (var bucket in page.Take(most ?? int.MaxValue))
                    {
                        list.Element("Bucket", entry =>
                        {
                            entry.Element("Name", bucket.Name);
                            entry.Element("CreationDate", bucket.CreatedAt);
                            entry.Element("BucketRegion", bucket.Region);
                        });
                    }
                });
                if (page.Count > most)
                {
                    xml.Element("ContinuationToken", WebEncoders.Base64UrlEncode(Encoding.UTF8.GetBytes(page[most.Value - 1].Name)));
                }

                if (prefix.Length > 0)
                {
                    xml.Element("Prefix", prefix);
                }
            },
            cancellationToken);
    }

    private static int? ReadMost(string? text) =>
        string.IsNullOrEmpty(text) ? null
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var most) && most is >= 1 and <= MaxPage ? most
        : throw S3Errors.InvalidArgument("max-buckets", text, "Argument max-buckets must be an integer between 1 and 10000").ToException();

    private static string After(string? token)
    {
        if (string.IsNullOrEmpty(token))
        {
            return "";
        }

        try
        {
            if (Encoding.UTF8.GetString(WebEncoders.Base64UrlDecode(token)) is var name && BucketNames.IsValid(name))
            {
                return name;
            }
        }
        catch (FormatException)
        {
            // Falls through: the token is invalid.
        }

        throw S3Errors.InvalidArgument("continuation-token", token, "The continuation token provided is incorrect").ToException();
    }
}
