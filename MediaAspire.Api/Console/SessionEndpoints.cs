using MediaAspire.Api.Audit;
using MediaAspire.Api.Listeners;
using MediaAspire.Api.Problems;
using MediaAspire.Api.Security;
using MediaAspire.Core.ApiKeys;
using MediaAspire.Core.Limits;
using MediaAspire.Core.Sessions;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

namespace MediaAspire.Api.Console;

/// <summary>The session of a browser: <c>/console/session</c>.</summary>
internal static class SessionEndpoints
{
    private static readonly string[] s_everyScope =
        [ApiScopeNames.Admin, ApiScopeNames.Metrics, ApiScopeNames.Read, ApiScopeNames.Write];

    public static void MapSession(this IEndpointRouteBuilder routes)
    {
        var session = routes.MapGroup("/console").WithTags("Console").WithAuditedProblems().AllowAnonymous();

        session.MapPost("/session", SignIn).WithName("SignIn").WithSummary("Sign a browser in with an API key")
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status403Forbidden).ProducesProblem(StatusCodes.Status429TooManyRequests)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        session.MapGet("/session", Show).WithName("ShowSession").WithSummary("Show the session of this browser, and the ways to sign in")
            .ProducesProblem(StatusCodes.Status401Unauthorized).ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        session.MapDelete("/session", SignOut).WithName("SignOut").WithSummary("End the session of this browser")
            .ProducesProblem(StatusCodes.Status403Forbidden).ProducesProblem(StatusCodes.Status503ServiceUnavailable);
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> SignIn(
        [FromBody] SignInRequest? request,
        HttpContext http,
        ApiKeyVerifier keys,
        FailedAuthentications failures,
        SessionSignIn signIn,
        IOptions<SecurityOptions> security,
        CancellationToken cancellationToken)
    {
        // A page of another site would otherwise sign a browser in with a key of its own, and wait for uploads.
        if (!ConsoleRequests.IsOwn(http.Request))
        {
            return ConsoleErrors.ForeignRequest();
        }

        if (security.Value.Open)
        {
            return ConsoleErrors.Open();
        }

        if (request?.Key?.Trim() is not { Length: > 0 } text)
        {
            return ConsoleErrors.InvalidSignIn();
        }

        var address = http.Connection.RemoteIpAddress;
        if (failures.RefusedFor(address) is var refusedFor && refusedFor > TimeSpan.Zero && !keys.IsCached(text))
        {
            failures.CountRefusal();
            return TooMany(http, refusedFor);
        }

        http.GetAuditDetails().ClaimedKey = ApiKeyFormat.TryParse(text, out var id, out _) ? id.ToString() : null;
        var verified = await keys.VerifyAsync(text, address, cancellationToken);
        switch (verified)
        {
            case { Outcome: ApiKeyOutcome.Valid, Key: { } key }:
                http.SetCaller(Caller.Of(key));
                return await signIn.StartAsync(http, SignedInKey.Of(key, text), cancellationToken)
                    ? TypedResults.NoContent()
                    : SecurityErrors.InvalidKey();
            case { Outcome: ApiKeyOutcome.AddressRefused }:
                return SecurityErrors.AddressRefused(address);
            default:
                var decision = await failures.CountAsync(address, cancellationToken);
                return decision.IsAllowed ? SecurityErrors.InvalidKey() : TooMany(http, decision.RetryAfter);
        }
    }

    private static async Task<Results<Ok<SessionResponse>, ProblemHttpResult>> Show(
        HttpContext http,
        SessionVerifier verifier,
        SessionSignIn signIn,
        AdminListener listener,
        IOptions<SecurityOptions> security,
        CancellationToken cancellationToken)
    {
        http.Response.Headers.CacheControl = "no-store";
        if (security.Value.Open)
        {
            return TypedResults.Ok(new SessionResponse(
                "Everyone", null, s_everyScope, null, listener.Received(http), signIn.Ways));
        }

        if (!SessionCookie.TryRead(http.Request, out var cookie) || cookie is not { } token)
        {
            return ConsoleErrors.NotSignedIn(signIn.Ways);
        }

        var verified = await verifier.VerifyAsync(token, http.Connection.RemoteIpAddress, cancellationToken);
        if (verified is not { Outcome: ApiKeyOutcome.Valid, Session: { } session })
        {
            SessionCookie.Remove(http);
            return ConsoleErrors.NotSignedIn(signIn.Ways);
        }

        var caller = SessionCallers.Of(session, verified.Key);
        return TypedResults.Ok(new SessionResponse(
            session.Name,
            caller.Owner?.Value,
            ApiScopeNames.Names(caller.Scopes),
            session.ExpiresAt,
            listener.Received(http) && caller.Scopes.HasFlag(ApiScopes.Admin),
            signIn.Ways));
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> SignOut(
        HttpContext http, SessionSignIn signIn, CancellationToken cancellationToken)
    {
        if (!ConsoleRequests.IsOwn(http.Request))
        {
            return ConsoleErrors.ForeignRequest();
        }

        await signIn.EndAsync(http, cancellationToken);
        return TypedResults.NoContent();
    }

    private static ProblemHttpResult TooMany(HttpContext http, TimeSpan retryAfter)
    {
        http.Response.Headers.RetryAfter = RetryAfters.SecondsOf(retryAfter);
        return SecurityErrors.TooManyFailures(retryAfter);
    }
}
