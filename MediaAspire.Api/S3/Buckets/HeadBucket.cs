using MediaAspire.Api.S3.Protocol;

namespace MediaAspire.Api.S3.Buckets;

/// <summary>HeadBucket: reports that a bucket exists, and its region.</summary>
internal sealed class HeadBucket : IS3Operation
{
    public Task ExecuteAsync(S3Request request, CancellationToken cancellationToken)
    {
        request.Response.Headers["x-amz-bucket-region"] = request.Bucket.Region;
        request.Response.Headers["x-amz-access-point-alias"] = "false";
        request.Response.ContentType = S3Xml.ContentType;
        return Task.CompletedTask;
    }
}
