using MediaAspire.Api.S3.Locks;
using MediaAspire.Api.S3.Protocol;
using MediaAspire.Core.Buckets;

namespace MediaAspire.Api.S3.Versioning;

/// <summary>PutBucketVersioning: enables or suspends versioning. Once set, it can never be removed.</summary>
internal sealed class PutBucketVersioning(BucketCatalog buckets) : IS3Operation
{
    public async Task ExecuteAsync(S3Request request, CancellationToken cancellationToken)
    {
        var configuration = await S3Documents.ReadXmlAsync(request, DocumentBounds.Setting, cancellationToken);
        if (configuration.Name.LocalName != "VersioningConfiguration")
        {
            throw S3Errors.MalformedXml().ToException();
        }

        // A second factor for deletions is not supported, and a bucket must not seem to require one.
        if (configuration.Text("MfaDelete") == "Enabled")
        {
            throw S3Errors.NotImplemented("MFA delete is not implemented.").ToException();
        }

        var versioning = configuration.Text("Status") switch
        {
            "Enabled" => BucketVersioning.Enabled,
            "Suspended" => BucketVersioning.Suspended,
            null => throw VersioningErrors.NoStatus().ToException(),
            _ => throw S3Errors.MalformedXml().ToException(),
        };
        if (!await buckets.SetVersioningAsync(request.Bucket.Id, versioning, cancellationToken))
        {
            throw (await buckets.FindAsync(request.BucketName, cancellationToken) is null
                ? S3Errors.NoSuchBucket(request.BucketName)
                : LockErrors.KeepsVersioning()).ToException();
        }
    }
}
