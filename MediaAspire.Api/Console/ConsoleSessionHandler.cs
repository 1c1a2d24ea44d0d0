using System.Security.Claims;
using System.Text.Encodings.Web;
using MediaAspire.Api.Problems;
using MediaAspire.Api.Security;
using MediaAspire.Core.ApiKeys;
using MediaAspire.Core.Limits;
using MediaAspire.Core.Sessions;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace MediaAspire.Api.Console;

/// <summary>Authenticates requests by the cookie of a session. The sender has the owner and the scopes of the session's key.</summary>
/// <remarks>A request with an API key is authenticated by the key, whatever cookie it has.</remarks>
internal sealed class ConsoleSessionHandler(
    SessionVerifier verifier,
    FailedAuthentications failures,
    IOptionsMonitor<AuthenticationSchemeOptions> options,
    ILoggerFactory loggers,
    UrlEncoder encoder)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    public const string SchemeName = "ConsoleSession";

    private ProblemHttpResult? _refusal;
    private TimeSpan? _retryAfter;

    /// <summary>Chooses this scheme for requests with the cookie and without a key; for the scheme of keys.</summary>
    public static string? Select(HttpContext http) =>
        SessionCookie.TryRead(http.Request, out _)
        && http.Request.Headers.Authorization.Count == 0 && !http.Request.Headers.ContainsKey(ApiKeyHeaders.Name)
            ? SchemeName
            : null;

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        // A page and the sign-in need no session, and work while the database does not respond.
        if (Context.GetEndpoint()?.Metadata.GetMetadata<IAllowAnonymous>() is not null
            || !SessionCookie.TryRead(Request, out var token))
        {
            return AuthenticateResult.NoResult();
        }

        if (!ConsoleRequests.MayUseSession(Request))
        {
            return Refuse(ConsoleErrors.ForeignRequest());
        }

        var address = Context.Connection.RemoteIpAddress;
        if (failures.RefusedFor(address) is var refusedFor
            && refusedFor > TimeSpan.Zero
            && !(token is { } known && verifier.IsCached(known)))
        {
            failures.CountRefusal();
            return Refuse(SecurityErrors.TooManyFailures(refusedFor), refusedFor);
        }

        var verified = token is { } read
            ? await verifier.VerifyAsync(read, address, Context.RequestAborted)
            : new SessionVerification(ApiKeyOutcome.Malformed, null, null);
        if (verified is { Outcome: ApiKeyOutcome.Valid, Session: { } session })
        {
            Context.SetCaller(SessionCallers.Of(session, verified.Key));
            return AuthenticateResult.Success(
                new AuthenticationTicket(new ClaimsPrincipal(new ClaimsIdentity(SchemeName)), SchemeName));
        }

        if (verified.Outcome == ApiKeyOutcome.AddressRefused)
        {
            return Refuse(SecurityErrors.AddressRefused(address));
        }

        var decision = await failures.CountAsync(address, Context.RequestAborted);
        return decision.IsAllowed
            ? Refuse(ConsoleErrors.SessionEnded())
            : Refuse(SecurityErrors.TooManyFailures(decision.RetryAfter), decision.RetryAfter);
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        if (_retryAfter is { } retryAfter)
        {
            Response.Headers.RetryAfter = RetryAfters.SecondsOf(retryAfter);
        }

        var refusal = _refusal ?? SecurityErrors.KeyRequired();
        if (refusal.StatusCode == StatusCodes.Status401Unauthorized)
        {
            Response.Headers.WWWAuthenticate = ApiKeyHandler.Challenge;
        }

        return refusal.WriteAsync(Context);
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) =>
        SecurityErrors.ScopeMissing(Context.GetEndpoint()?.Metadata.GetMetadata<IAuthorizeData>()?.Policy).WriteAsync(Context);

    private AuthenticateResult Refuse(ProblemHttpResult problem, TimeSpan? retryAfter = null)
    {
        (_refusal, _retryAfter) = (problem, retryAfter);
        return AuthenticateResult.Fail("The session was refused.");
    }
}
