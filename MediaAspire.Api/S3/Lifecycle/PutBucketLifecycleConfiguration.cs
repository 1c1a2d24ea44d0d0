using MediaAspire.Api.S3.Protocol;
using MediaAspire.Core.Buckets;

namespace MediaAspire.Api.S3.Lifecycle;

/// <summary>PutBucketLifecycleConfiguration: replaces the rules of a bucket.</summary>
internal sealed class PutBucketLifecycleConfiguration(BucketCatalog buckets) : IS3Operation
{
    public async Task ExecuteAsync(S3Request request, CancellationToken cancellationToken)
    {
        var document = await S3Documents.ReadXmlAsync(request, DocumentBounds.LifecycleRules, cancellationToken);
        var configuration = LifecycleXmlReader.Read(document);
        await buckets.SetDocumentAsync(request.Bucket.Id, BucketDocument.Lifecycle, configuration.ToJson(), cancellationToken);
        request.Response.StatusCode = StatusCodes.Status200OK;
    }
}
