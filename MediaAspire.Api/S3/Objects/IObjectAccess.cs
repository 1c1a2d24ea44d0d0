using MediaAspire.Api.S3.Protocol;

namespace MediaAspire.Api.S3.Objects;

/// <summary>Decides whose a new object is, and who else may use it.</summary>
internal interface IObjectAccess
{
    /// <summary>Reads who is to own an object that is about to be written to the request's bucket, and its access control list.</summary>
    /// <param name="request">The request, for its sender and bucket.</param>
    /// <param name="headers">Its headers, or the fields of a form: <c>x-amz-acl</c>, <c>x-amz-grant-*</c>.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="S3Exception">They are malformed, or not allowed.</exception>
    ValueTask<NewObjectAccess> ForNewObjectAsync(S3Request request, IHeaderDictionary headers, CancellationToken cancellationToken);
}

/// <param name="OwnerId">Whose the object is.</param>
/// <param name="Acl">Its access control list as its feature writes it; <see langword="null"/> for private.</param>
internal readonly record struct NewObjectAccess(string OwnerId, string? Acl);
