using MediaAspire.Api.S3.Protocol;
using MediaAspire.Core.Buckets;

namespace MediaAspire.Api.S3.Versioning;

/// <summary>GetBucketVersioning: returns the versioning of a bucket; empty when it was never set.</summary>
internal sealed class GetBucketVersioning : IS3Operation
{
    public Task ExecuteAsync(S3Request request, CancellationToken cancellationToken) =>
        S3Xml.WriteAsync(
            request,
            "VersioningConfiguration",
            xml =>
            {
                if (request.Bucket.Versioning != BucketVersioning.Off)
                {
                    xml.Element("Status", request.Bucket.Versioning == BucketVersioning.Enabled ? "Enabled" : "Suspended");
                }
            },
            cancellationToken);
}
