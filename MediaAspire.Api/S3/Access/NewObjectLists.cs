using MediaAspire.Api.S3.Objects;
using MediaAspire.Api.S3.Protocol;
using MediaAspire.Core.Buckets;

namespace MediaAspire.Api.S3.Access;

/// <summary>Decides the owner and the list of new objects by the settings of their bucket.</summary>
internal sealed class NewObjectLists(AclHeaders lists) : IObjectAccess
{
    public async ValueTask<NewObjectAccess> ForNewObjectAsync(
        S3Request request, IHeaderDictionary headers, CancellationToken cancellationToken)
    {
        var bucket = request.Bucket;

        // An object of an anonymous sender belongs to the owner of the bucket: every object has an owner.
        var writer = request.Principal.OwnerId ?? bucket.OwnerId;
        var canned = headers[AclHeaders.Canned].ToString();
        if (bucket.IgnoresLists())
        {
            return canned is "" or CannedAcl.BucketOwnerFullControl && (canned.Length > 0 || !AclHeaders.HasAny(headers))
                ? new(bucket.OwnerId, Acl: null)
                : throw AclErrors.NotSupported().ToException();
        }

        var owner = canned == CannedAcl.BucketOwnerFullControl
            && bucket.Document(BucketDocument.Ownership) == ObjectOwnership.BucketOwnerPreferred
                ? bucket.OwnerId
                : writer;
        var list = await lists.ReadAsync(headers, owner, bucket.OwnerId, cancellationToken);
        if (list is { IsPublic: true } && PublicAccessBlock.Of(bucket).BlockPublicAcls)
        {
            throw S3Errors.AccessDenied().ToException();
        }

        return new(owner, list?.ToJson());
    }
}
