using MediaAspire.Api.S3.Protocol;

namespace MediaAspire.Api.S3.Objects;

/// <summary>Decides the owner and the access control list of a new object.</summary>
internal interface IObjectAccess
{
    /// <summary>Reads the owner and the access control list of an object that is about to be written to the request's bucket.</summary>
    /// <param name="request">The request, for its sender and bucket.</param>
    /// <param name="headers">Its headers, or the fields of a form: <c>x-amz-acl</c>, <c>x-amz-grant-*</c>.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="S3Exception">The headers are malformed, or not allowed.</exception>
    ValueTask<NewObjectAccess> ForNewObjectAsync(S3Request request, IHeaderDictionary headers, CancellationToken cancellationToken);
}

/// <param name="OwnerId">The canonical id of the owner.</param>
/// <param name="Acl">The serialized access control list; <see langword="null"/> for private.</param>
internal readonly record struct NewObjectAccess(string OwnerId, string? Acl);
