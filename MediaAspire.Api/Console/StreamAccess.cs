using MediaAspire.Api.Security;
using MediaAspire.Core.ApiKeys;
using MediaAspire.Core.Sessions;
using Microsoft.Extensions.Options;

namespace MediaAspire.Api.Console;

/// <summary>Determines whether the sender of a long response still may read it: its session or key may have ended meanwhile.</summary>
internal sealed class StreamAccess(SessionVerifier sessions, ApiKeyVerifier keys, IOptions<SecurityOptions> security)
{
    /// <param name="http">The request, which was authenticated when it began.</param>
    /// <param name="scope">The scope that it needs.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async ValueTask<bool> IsAllowedAsync(HttpContext http, ApiScopes scope, CancellationToken cancellationToken)
    {
        if (security.Value.Open)
        {
            return true;
        }

        var address = http.Connection.RemoteIpAddress;
        if (ApiKeyHeaders.TryRead(http.Request.Headers, out var text) && text is not null)
        {
            return await keys.VerifyAsync(text, address, cancellationToken) is { Outcome: ApiKeyOutcome.Valid, Key: { } key }
                && key.Scopes.HasFlag(scope);
        }

        return SessionCookie.TryRead(http.Request, out var token) && token is { } read
            && await sessions.VerifyAsync(read, address, cancellationToken)
                is { Outcome: ApiKeyOutcome.Valid, Session: { } session } verified
            && SessionCallers.Of(session, verified.Key).Scopes.HasFlag(scope);
    }
}
