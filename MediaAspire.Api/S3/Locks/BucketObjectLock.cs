using MediaAspire.Api.S3.Protocol;
using MediaAspire.Core.Buckets;

namespace MediaAspire.Api.S3.Locks;

/// <summary>GetObjectLockConfiguration.</summary>
internal sealed class GetObjectLockConfiguration : IS3Operation
{
    public Task ExecuteAsync(S3Request request, CancellationToken cancellationToken)
    {
        var document = request.Bucket.Document(BucketDocument.ObjectLock)
            ?? throw LockErrors.NoConfiguration(request.BucketName).ToException();
        var configuration = ObjectLockConfiguration.Parse(document);
        return S3Xml.WriteAsync(request, "ObjectLockConfiguration", xml => LockXml.Write(xml, configuration), cancellationToken);
    }
}

/// <summary>PutObjectLockConfiguration: enables object lock in a bucket with versioning, and sets the default for new versions.</summary>
internal sealed class PutObjectLockConfiguration(BucketCatalog buckets) : IS3Operation
{
    public async Task ExecuteAsync(S3Request request, CancellationToken cancellationToken)
    {
        var configuration = LockXml.ReadConfiguration(await S3Documents.ReadXmlAsync(request, DocumentBounds.Setting, cancellationToken));
        if (!await buckets.SetObjectLockAsync(request.Bucket.Id, configuration, cancellationToken))
        {
            throw (await buckets.FindAsync(request.BucketName, cancellationToken) is null
                ? S3Errors.NoSuchBucket(request.BucketName)
                : LockErrors.NeedsVersioning()).ToException();
        }
    }
}
