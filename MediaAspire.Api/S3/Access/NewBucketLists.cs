using MediaAspire.Api.S3.Buckets;
using MediaAspire.Api.S3.Protocol;
using MediaAspire.Core.Buckets;

namespace MediaAspire.Api.S3.Access;

/// <summary>Reads the access control list and the object ownership of new buckets.</summary>
internal sealed class NewBucketLists(AclHeaders lists) : INewBucketAccess
{
    private const string OwnershipHeader = "x-amz-object-ownership";

    public async ValueTask<IReadOnlyDictionary<BucketDocument, string>> ReadAsync(S3Request request, CancellationToken cancellationToken)
    {
        var documents = new Dictionary<BucketDocument, string>();
        var ownership = request.Header(OwnershipHeader);
        if (ownership is not null)
        {
            documents.Add(
                BucketDocument.Ownership,
                ObjectOwnership.IsValid(ownership)
                    ? ownership
                    : throw S3Errors.InvalidArgument(OwnershipHeader, ownership, "Invalid x-amz-object-ownership header").ToException());
        }

        var owner = request.Principal.OwnerId!;
        if ((await lists.ReadAsync(request.Headers, owner, owner, cancellationToken))?.ToJson() is { } json)
        {
            documents.Add(
                BucketDocument.Acl,
                ownership == ObjectOwnership.BucketOwnerEnforced ? throw AclErrors.AgainstOwnership().ToException() : json);
        }

        return documents;
    }
}
