using System.Text.Json;
using MediaAspire.Api.S3.Protocol;
using MediaAspire.Core.Buckets;

namespace MediaAspire.Api.S3.Tagging;

/// <summary>GetBucketTagging.</summary>
internal sealed class GetBucketTagging : IS3Operation
{
    public Task ExecuteAsync(S3Request request, CancellationToken cancellationToken)
    {
        var json = request.Bucket.Document(BucketDocument.Tags)
            ?? throw new S3Error("NoSuchTagSet", 404, "The TagSet does not exist").With("BucketName", request.BucketName).ToException();
        var tags = JsonSerializer.Deserialize<Dictionary<string, string>>(json)!;
        return S3Xml.WriteAsync(request, "Tagging", xml => TagSet.Write(xml, tags), cancellationToken);
    }
}

/// <summary>PutBucketTagging: replaces the tags of a bucket.</summary>
internal sealed class PutBucketTagging(BucketCatalog buckets) : IS3Operation
{
    public async Task ExecuteAsync(S3Request request, CancellationToken cancellationToken)
    {
        var tags = TagSet.Parse(await S3Documents.ReadXmlAsync(request, DocumentBounds.List, cancellationToken), TagSet.MaxBucketTags);
        await buckets.SetDocumentAsync(request.Bucket.Id, BucketDocument.Tags, JsonSerializer.Serialize(tags), cancellationToken);
        request.Response.StatusCode = StatusCodes.Status204NoContent;
    }
}

/// <summary>DeleteBucketTagging.</summary>
internal sealed class DeleteBucketTagging(BucketCatalog buckets) : IS3Operation
{
    public async Task ExecuteAsync(S3Request request, CancellationToken cancellationToken)
    {
        await buckets.SetDocumentAsync(request.Bucket.Id, BucketDocument.Tags, content: null, cancellationToken);
        request.Response.StatusCode = StatusCodes.Status204NoContent;
    }
}
