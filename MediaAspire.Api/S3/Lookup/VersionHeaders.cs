using MediaAspire.Api.S3.Protocol;
using MediaAspire.Core.Buckets;
using MediaAspire.Core.Objects;

namespace MediaAspire.Api.S3.Lookup;

/// <summary>The response headers that name a version.</summary>
internal static class VersionHeaders
{
    public const string Version = "x-amz-version-id";
    public const string DeleteMarker = "x-amz-delete-marker";

    /// <summary>Writes the name of a version, in a bucket that has or had versioning.</summary>
    public static void Write(S3Request request, ObjectVersion version)
    {
        if (request.Bucket.Versioning != BucketVersioning.Off)
        {
            request.Response.Headers[Version] = version.VersionName;
        }
    }
}
