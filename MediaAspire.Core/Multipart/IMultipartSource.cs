using MediaAspire.Core.Ids;

namespace MediaAspire.Core.Multipart;

/// <summary>The uploads of other protocols, which S3's protocol may continue.</summary>
public interface IMultipartSource
{
    /// <summary>Makes an upload that another protocol has begun one in parts, of the same id. It is asked for unknown ids only.</summary>
    /// <returns><see langword="true"/> when there is an upload in parts of this id now.</returns>
    Task<bool> ContinueInPartsAsync(BucketId bucket, string key, UploadId id, CancellationToken cancellationToken);
}
