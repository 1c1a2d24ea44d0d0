namespace MediaAspire.Api.S3.Protocol;

/// <summary>Finds out who sent a request.</summary>
internal interface IS3Authenticator
{
    /// <summary>Verifies the request's signature, if it has one.</summary>
    /// <returns>The sender, and the body as the signature frames it.</returns>
    /// <exception cref="S3Exception">The signature is malformed, wrong or out of date.</exception>
    ValueTask<S3Authentication> AuthenticateAsync(HttpRequest request, CancellationToken cancellationToken);
}

/// <param name="Principal">Who sent the request.</param>
/// <param name="Payload">Its body.</param>
internal sealed record S3Authentication(S3Principal Principal, S3Payload Payload);
