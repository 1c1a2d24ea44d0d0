using MediaAspire.Api.Limits;
using MediaAspire.Api.S3.Protocol;
using MediaAspire.Core.Limits;

namespace MediaAspire.Api.S3.Dispatch;

/// <summary>Applies the limits on senders to the S3 API.</summary>
internal sealed class S3Limits(RequestLimits limits, FailedAuthentications failures)
{
    // A wrong clock or an expired URL is a mistake of an honest client.
    private static readonly string[] s_wrongKeys = ["InvalidAccessKeyId", "SignatureDoesNotMatch"];

    /// <summary>Authenticates the sender of a request, and counts a failure against its address.</summary>
    /// <exception cref="S3Exception">The authentication failed, or has failed too often.</exception>
    public async ValueTask<S3Authentication> CountFailureAsync(
        HttpContext http, IS3Authenticator authenticator, CancellationToken cancellationToken)
    {
        try
        {
            return await authenticator.AuthenticateAsync(http.Request, cancellationToken);
        }
        catch (S3Exception failed) when (s_wrongKeys.Contains(failed.Error.Code))
        {
            var decision = await failures.CountAsync(http.Connection.RemoteIpAddress, cancellationToken);
            if (decision.IsAllowed)
            {
                throw;
            }

            throw new S3Exception(S3Errors.SlowDown(decision.RetryAfter), failed);
        }
        catch (S3Exception refused) when (refused.Error.RetryAfter is not null)
        {
            // The key was not looked up.
            failures.CountRefusal();
            throw;
        }
    }

    /// <summary>Admits a request of an authenticated sender.</summary>
    /// <returns>The lease, to be disposed when the request is complete.</returns>
    /// <exception cref="S3Exception">The sender sends too many requests, or too many are served.</exception>
    public async ValueTask<RequestLease> AdmitAsync(S3Request request, CancellationToken cancellationToken)
    {
        var sender = new LimitedSender(request.Principal.AccessKeyId is { } id ? new LimitedKey(IsAccessKey: true, id) : null);
        var admission = await limits.AdmitAsync(request.Http, sender, cancellationToken);
        return admission.Refusal is null ? admission.Lease : throw S3Errors.SlowDown(admission.RetryAfter).ToException();
    }
}
