using MediaAspire.Api.S3.Protocol;

namespace MediaAspire.Api.S3.Buckets;

/// <summary>GetBucketLocation: returns the region of a bucket; the oldest region has an empty name here.</summary>
internal sealed class GetBucketLocation : IS3Operation
{
    public Task ExecuteAsync(S3Request request, CancellationToken cancellationToken)
    {
        var region = request.Bucket.Region;
        return S3Xml.WriteAsync(
            request, "LocationConstraint", xml => xml.WriteString(region == CreateBucket.ClassicRegion ? "" : region), cancellationToken);
    }
}
