using MediaAspire.Api.Console.OpenId;
using MediaAspire.Core.Sessions;
using Microsoft.Extensions.Options;

namespace MediaAspire.Api.Console;

/// <summary>Starts and ends the sessions of browsers.</summary>
internal sealed class SessionSignIn(
    SessionStore store, SessionVerifier verifier, IOptions<ConsoleOptions> options, IOptions<OpenIdOptions> openId)
{
    /// <summary>Gets the ways to sign in.</summary>
    public SignInResponse Ways { get; } = new(
        openId.Value.IsConfigured ? new OpenIdConnectResponse(openId.Value.Name, OpenIdSignIn.Path) : null);

    /// <summary>Starts a session with a key, and ends the one that the browser had.</summary>
    /// <returns><see langword="false"/> when the key was deleted meanwhile.</returns>
    public Task<bool> StartAsync(HttpContext http, SignedInKey key, CancellationToken cancellationToken) =>
        StartAsync(http, token => store.CreateAsync(token, key, options.Value.SessionLifetime, cancellationToken), cancellationToken);

    /// <summary>Starts a session of a person, and ends the one that the browser had.</summary>
    public Task StartAsync(HttpContext http, SignedInPerson person, CancellationToken cancellationToken) =>
        StartAsync(http, token => store.CreateAsync(token, person, options.Value.SessionLifetime, cancellationToken), cancellationToken);

    /// <summary>Ends the session of the browser, if it has one.</summary>
    public async Task EndAsync(HttpContext http, CancellationToken cancellationToken)
    {
        if (!SessionCookie.TryRead(http.Request, out var cookie))
        {
            return;
        }

        if (cookie is { } token)
        {
            await store.DeleteAsync(token, cancellationToken);
            verifier.Forget(token);
        }

        SessionCookie.Remove(http);
    }

    private async Task<bool> StartAsync(
        HttpContext http, Func<SessionToken, Task<DateTimeOffset?>> create, CancellationToken cancellationToken)
    {
        await EndAsync(http, cancellationToken);
        var (secret, token) = SessionToken.Create();
        if (await create(token) is null)
        {
            return false;
        }

        SessionCookie.Set(http, secret, options.Value.SessionLifetime);
        return true;
    }
}
