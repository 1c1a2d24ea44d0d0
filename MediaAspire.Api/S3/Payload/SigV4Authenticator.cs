using MediaAspire.Api.S3.Protocol;
using MediaAspire.Api.S3.Signing;
using MediaAspire.Core.Limits;

namespace MediaAspire.Api.S3.Payload;

/// <summary>Authenticates requests, and opens their bodies as their signatures declare them.</summary>
internal sealed class SigV4Authenticator(RequestAuthenticator authenticator, FailedAuthentications failures) : IS3Authenticator
{
    public async ValueTask<S3Authentication> AuthenticateAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var verified = RequestToVerify.From(request) with
        {
            LookupsRefusedFor = failures.RefusedFor(request.HttpContext.Connection.RemoteIpAddress),
        };
        var signer = await authenticator.AuthenticateAsync(verified, cancellationToken);
        if (signer.IsPresigned)
        {
            HoistedHeaders.Add(RequestQuery.Parse(verified.RawQuery), request.Headers, signer.IsVersion2);
        }

        // Only objects and parts, which are sent by PUT, may be chunked.
        if (signer.Payload.IsChunked && !HttpMethods.IsPut(request.Method))
        {
            throw SigningErrors.ChunkedNotAllowed().ToException();
        }

        var body = RequestBody.Open(request.Body, request.Headers, signer);
        request.HttpContext.Response.RegisterForDispose(body);
        var principal = signer.Key is { } key ? new S3Principal(key.OwnerId, key.DisplayName, key.Id) : S3Principal.Anonymous;
        return new(principal, new SignedPayload(body, signer.Payload)) { Signature = signer.Signature };
    }
}
