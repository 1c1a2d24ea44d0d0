using MediaAspire.Api.S3.Protocol;
using MediaAspire.Core.Buckets;

namespace MediaAspire.Api.S3.Access;

/// <summary>GetBucketAcl.</summary>
internal sealed class GetBucketAcl(AclXml xml) : IS3Operation
{
    public Task ExecuteAsync(S3Request request, CancellationToken cancellationToken)
    {
        var bucket = request.Bucket;
        var json = bucket.IgnoresLists() ? null : bucket.Document(BucketDocument.Acl);
        return xml.WriteAsync(request, AccessControlList.Parse(bucket.OwnerId, json), cancellationToken);
    }
}

/// <summary>PutBucketAcl.</summary>
internal sealed class PutBucketAcl(GivenAcl given, BucketCatalog buckets) : IS3Operation
{
    public async Task ExecuteAsync(S3Request request, CancellationToken cancellationToken)
    {
        var list = await given.ReadAsync(request, request.Bucket.OwnerId, cancellationToken);
        await buckets.SetDocumentAsync(request.Bucket.Id, BucketDocument.Acl, list.ToJson(), cancellationToken);
    }
}
