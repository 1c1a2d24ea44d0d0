using System.Security.Claims;
using System.Text.Encodings.Web;
using MediaAspire.Api.Problems;
using MediaAspire.Core.ApiKeys;
using MediaAspire.Core.Limits;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace MediaAspire.Api.Security;

/// <summary>Authenticates requests by API keys, and answers those that are refused.</summary>
/// <remarks>
/// Each request has its own. <see cref="CallerExtensions.GetCaller"/> returns the sender; the principal only says that there is one.
/// </remarks>
internal sealed class ApiKeyHandler(
    ApiKeyVerifier verifier,
    FailedAuthentications failures,
    IOptions<SecurityOptions> security,
    IOptionsMonitor<AuthenticationSchemeOptions> options,
    ILoggerFactory loggers,
    UrlEncoder encoder)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    public const string SchemeName = "ApiKey";

    // RFC 6750: the challenge names an error only when the request had a key.
    internal const string Challenge = "Bearer realm=\"MediaAspire\"";
    private const string BasicChallenge = "Basic realm=\"MediaAspire\"";
    private const string InvalidToken = Challenge + ", error=\"invalid_token\"";
    private const string InsufficientScope = Challenge + ", error=\"insufficient_scope\"";

    // Shared by all requests: nothing in them differs.
    private static readonly Task<AuthenticateResult> s_authenticated = Task.FromResult(AuthenticateResult.Success(
        new AuthenticationTicket(new ClaimsPrincipal(new ClaimsIdentity(SchemeName)), SchemeName)));
    private static readonly Task<AuthenticateResult> s_none = Task.FromResult(AuthenticateResult.NoResult());
    private static readonly Task<AuthenticateResult> s_failed = Task.FromResult(AuthenticateResult.Fail("The key was refused."));

    private ProblemHttpResult? _refusal;
    private string? _retryAfter;

    private bool AcceptsBasic => Context.GetEndpoint()?.Metadata.GetMetadata<BasicKeys>() is not null;

    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (security.Value.Open)
        {
            Context.SetCaller(Caller.Everyone);
            return s_authenticated;
        }

        // A probe answers also while the database does not, whatever it sends.
        if (Context.GetEndpoint()?.Metadata.GetMetadata<IAllowAnonymous>() is not null)
        {
            return s_none;
        }

        if (!ApiKeyHeaders.TryRead(Request.Headers, AcceptsBasic, out var text))
        {
            return Refuse(SecurityErrors.MalformedCredentials());
        }

        if (text is null)
        {
            return s_none;
        }

        if (failures.RefusedFor(Context.Connection.RemoteIpAddress) is var refusedFor
            && refusedFor > TimeSpan.Zero
            && !verifier.IsCached(text))
        {
            failures.CountRefusal();
            return Refuse(SecurityErrors.TooManyFailures(refusedFor), refusedFor);
        }

        var verified = verifier.VerifyAsync(text, Context.Connection.RemoteIpAddress, Context.RequestAborted);
        return verified.IsCompletedSuccessfully ? Take(verified.Result) : TakeAsync(verified);
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        if (_retryAfter is { } retryAfter)
        {
            Response.Headers.RetryAfter = retryAfter;
        }
        else
        {
            var bearer = _refusal is null ? Challenge : InvalidToken;
            Response.Headers.WWWAuthenticate = AcceptsBasic ? new StringValues([BasicChallenge, bearer]) : bearer;
        }

        return (_refusal ?? SecurityErrors.KeyRequired()).WriteAsync(Context);
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties)
    {
        var scope = Context.GetEndpoint()?.Metadata.GetMetadata<IAuthorizeData>()?.Policy;
        Response.Headers.WWWAuthenticate = scope is null ? InsufficientScope : $"{InsufficientScope}, scope=\"{scope}\"";
        return SecurityErrors.ScopeMissing(scope).WriteAsync(Context);
    }

    private async Task<AuthenticateResult> TakeAsync(ValueTask<ApiKeyVerification> verified) => await Take(await verified);

    private Task<AuthenticateResult> Take(ApiKeyVerification verified)
    {
        switch (verified)
        {
            case { Outcome: ApiKeyOutcome.Valid, Key: { } key }:
                Context.SetCaller(Caller.Of(key));
                return s_authenticated;
            case { Outcome: ApiKeyOutcome.Malformed }:
                return Refuse(SecurityErrors.MalformedCredentials());
            case { Outcome: ApiKeyOutcome.AddressRefused }:
                return Refuse(SecurityErrors.AddressRefused(Context.Connection.RemoteIpAddress));
            default:
                return RefuseInvalidAsync();
        }
    }

    private async Task<AuthenticateResult> RefuseInvalidAsync()
    {
        var decision = await failures.CountAsync(Context.Connection.RemoteIpAddress, Context.RequestAborted);
        return await (decision.IsAllowed
            ? Refuse(SecurityErrors.InvalidKey())
            : Refuse(SecurityErrors.TooManyFailures(decision.RetryAfter), decision.RetryAfter));
    }

    private Task<AuthenticateResult> Refuse(ProblemHttpResult problem, TimeSpan? retryAfter = null)
    {
        _refusal = problem;
        _retryAfter = retryAfter is { } wait ? RetryAfters.SecondsOf(wait) : null;
        return s_failed;
    }
}
