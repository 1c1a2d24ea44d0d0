using MediaAspire.Api.S3.Protocol;
using MediaAspire.Api.S3.Signing;

namespace MediaAspire.Api.S3.Payload;

/// <summary>Authenticates what arrives on the S3 port, and opens its body as its signature frames it.</summary>
internal sealed class SigV4Authenticator(RequestAuthenticator authenticator) : IS3Authenticator
{
    public async ValueTask<S3Authentication> AuthenticateAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var verified = RequestToVerify.From(request);
        var signer = await authenticator.AuthenticateAsync(verified, cancellationToken);
        if (signer.IsPresigned)
        {
            HoistedHeaders.Add(RequestQuery.Parse(verified.RawQuery), request.Headers);
        }

        // Objects and parts come by PUT, and nothing else may come in chunks.
        if (signer.Payload.IsChunked && !HttpMethods.IsPut(request.Method))
        {
            throw SigningErrors.ChunkedNotAllowed().ToException();
        }

        var body = RequestBody.Open(request.Body, request.Headers, signer);
        request.HttpContext.Response.RegisterForDispose(body);
        var principal = signer.Key is { } key ? new S3Principal(key.OwnerId, key.DisplayName, key.Id) : S3Principal.Anonymous;
        return new(principal, new SignedPayload(body, signer.Payload));
    }
}
