using MediaAspire.Api.S3.Protocol;
using MediaAspire.Core.Buckets;

namespace MediaAspire.Api.S3.Cors;

/// <summary>GetBucketCors.</summary>
internal sealed class GetBucketCors(CorsCache rules) : IS3Operation
{
    public Task ExecuteAsync(S3Request request, CancellationToken cancellationToken)
    {
        var configuration = rules.Of(request.Bucket) ?? throw CorsErrors.NoConfiguration(request.BucketName).ToException();
        return S3Xml.WriteAsync(request, "CORSConfiguration", configuration.Write, cancellationToken);
    }
}

/// <summary>PutBucketCors.</summary>
internal sealed class PutBucketCors(BucketCatalog buckets) : IS3Operation
{
    public async Task ExecuteAsync(S3Request request, CancellationToken cancellationToken)
    {
        var configuration = CorsConfiguration.Read(await S3Documents.ReadXmlAsync(request, DocumentBounds.CorsRules, cancellationToken));
        await buckets.SetDocumentAsync(request.Bucket.Id, BucketDocument.Cors, configuration.ToJson(), cancellationToken);
    }
}

/// <summary>DeleteBucketCors.</summary>
internal sealed class DeleteBucketCors(BucketCatalog buckets) : IS3Operation
{
    public async Task ExecuteAsync(S3Request request, CancellationToken cancellationToken)
    {
        await buckets.SetDocumentAsync(request.Bucket.Id, BucketDocument.Cors, content: null, cancellationToken);
        request.Response.StatusCode = StatusCodes.Status204NoContent;
    }
}
