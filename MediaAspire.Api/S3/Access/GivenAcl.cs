using MediaAspire.Api.S3.Protocol;

namespace MediaAspire.Api.S3.Access;

/// <summary>Reads the list that a request sets, from its headers or its document, never both.</summary>
internal sealed class GivenAcl(AclHeaders headers, AclXml xml)
{
    /// <param name="request">The request.</param>
    /// <param name="ownerId">The canonical id of the owner of the bucket or object that gets the list.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="S3Exception">The list is missing or malformed, or the bucket does not allow it.</exception>
    public async ValueTask<AccessControlList> ReadAsync(S3Request request, string ownerId, CancellationToken cancellationToken)
    {
        var bucket = request.Bucket;
        if (bucket.IgnoresLists())
        {
            throw AclErrors.NotSupported().ToException();
        }

        var body = await S3Documents.ReadAsync(request, cancellationToken);
        var list = await headers.ReadAsync(request.Headers, ownerId, bucket.OwnerId, cancellationToken);
        if (list is not null && body.Length > 0)
        {
            throw AclErrors.HeadersAndBody().ToException();
        }

        list ??= body.Length > 0
            ? await xml.ReadAsync(S3Documents.Parse(body), ownerId, cancellationToken)
            : throw AclErrors.NothingGiven().ToException();
        return list.IsPublic && PublicAccessBlock.Of(bucket).BlockPublicAcls ? throw S3Errors.AccessDenied().ToException() : list;
    }
}
