namespace MediaAspire.Api.S3.Protocol;

/// <summary>Authenticates the sender of a request.</summary>
internal interface IS3Authenticator
{
    /// <summary>Verifies the request's signature, if it has one.</summary>
    /// <returns>The sender, and the body as the signature frames it.</returns>
    /// <exception cref="S3Exception">The signature is malformed, wrong or out of date.</exception>
    ValueTask<S3Authentication> AuthenticateAsync(HttpRequest request, CancellationToken cancellationToken);
}

/// <param name="Principal">The sender of the request.</param>
/// <param name="Payload">The body of the request.</param>
internal sealed record S3Authentication(S3Principal Principal, S3Payload Payload)
{
    /// <summary>Gets the form of the signature; <see langword="null"/> for an anonymous sender.</summary>
    public S3Signature? Signature { get; init; }
}
