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

        var document = await S3Documents.TryReadXmlAsync(request, DocumentBounds.List, cancellationToken);
        var list = await headers.ReadAsync(request.Headers, ownerId, bucket.OwnerId, cancellationToken);
        if (list is not null && document is not null)
        {
            throw AclErrors.HeadersAndBody().ToException();
        }

        list ??= document is not null
            ? await xml.ReadAsync(document, ownerId, cancellationToken)
            : throw AclErrors.NothingGiven().ToException();
        return list.IsPublic && PublicAccessBlock.Of(bucket).BlockPublicAcls ? throw S3Errors.AccessDenied().ToException() : list;
    }
}
