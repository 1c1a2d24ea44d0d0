using MediaAspire.Api.S3.Protocol;
using MediaAspire.Core.Buckets;

namespace MediaAspire.Api.S3.Access;

/// <summary>GetBucketOwnershipControls.</summary>
internal sealed class GetBucketOwnership : IS3Operation
{
    public Task ExecuteAsync(S3Request request, CancellationToken cancellationToken)
    {
        var ownership = request.Bucket.Document(BucketDocument.Ownership)
            ?? throw new S3Error("OwnershipControlsNotFoundError", 404, "The bucket ownership controls were not found")
                .With("BucketName", request.BucketName).ToException();
        return S3Xml.WriteAsync(
            request,
            "OwnershipControls",
            xml => xml.Element("Rule", rule => rule.Element("ObjectOwnership", ownership)),
            cancellationToken);
    }
}

/// <summary>
/// PutBucketOwnershipControls. Existing objects keep their owners. A bucket whose list grants something to others cannot ignore lists.
/// </summary>
internal sealed class PutBucketOwnership(BucketCatalog buckets) : IS3Operation
{
    public async Task ExecuteAsync(S3Request request, CancellationToken cancellationToken)
    {
        var root = await S3Documents.ReadXmlAsync(request, DocumentBounds.Setting, cancellationToken);
        var ownership = root.Name.LocalName == "OwnershipControls" && root.Named("Rule").ToList() is [var rule]
            ? rule.Text("ObjectOwnership")
            : null;
        if (!ObjectOwnership.IsValid(ownership))
        {
            throw S3Errors.MalformedXml().ToException();
        }

        if (ownership == ObjectOwnership.BucketOwnerEnforced && request.Bucket.Document(BucketDocument.Acl) is not null)
        {
            throw AclErrors.AgainstOwnership().ToException();
        }

        await buckets.SetDocumentAsync(request.Bucket.Id, BucketDocument.Ownership, ownership, cancellationToken);
    }
}

/// <summary>DeleteBucketOwnershipControls.</summary>
internal sealed class DeleteBucketOwnership(BucketCatalog buckets) : IS3Operation
{
    public async Task ExecuteAsync(S3Request request, CancellationToken cancellationToken)
    {
        await buckets.SetDocumentAsync(request.Bucket.Id, BucketDocument.Ownership, content: null, cancellationToken);
        request.Response.StatusCode = StatusCodes.Status204NoContent;
    }
}
