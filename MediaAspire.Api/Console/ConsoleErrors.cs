using MediaAspire.Api.Problems;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MediaAspire.Api.Console;

/// <summary>The problems of the console and its sessions; <c>code</c> is stable for clients.</summary>
internal static class ConsoleErrors
{
    /// <summary>The response to a browser without a session, with the ways to sign in.</summary>
    public static ProblemHttpResult NotSignedIn(SignInResponse signIn) => TypedResults.Problem(
        "This browser is not signed in. Sign in with an API key.",
        statusCode: StatusCodes.Status401Unauthorized,
        type: Problem.TypeOf("not-signed-in"),
        extensions: [new("code", "not-signed-in"), new("signIn", signIn)]);

    public static ProblemHttpResult SessionEnded() => Problem.Of(
        StatusCodes.Status401Unauthorized, "session-ended", "The session has ended, or its API key is not valid any more. Sign in again.");

    public static ProblemHttpResult ForeignRequest() => Problem.Of(
        StatusCodes.Status403Forbidden, "console-header-required",
        $"A session changes something only for the console's own pages, which send the header {ConsoleRequests.Header}: 1. "
            + "Use an API key in programs.");

    public static ProblemHttpResult InvalidSignIn() => Problem.Of(
        StatusCodes.Status400BadRequest, "sign-in-invalid", "Send a JSON object with the API key in \"key\".");

    public static ProblemHttpResult NoOpenId() => Problem.Of(
        StatusCodes.Status404NotFound, "open-id-off", "The settings name no OpenID Connect server (Console:OpenIdConnect:Authority).");

    public static ProblemHttpResult OpenIdUnavailable() => Problem.Of(
        StatusCodes.Status503ServiceUnavailable, "open-id-unavailable",
        "The OpenID Connect server does not respond. Try again later, or sign in with an API key.");

    public static ProblemHttpResult NoGrant() => Problem.Of(
        StatusCodes.Status403Forbidden, "open-id-no-grant",
        "None of this person's claims grants anything (Console:OpenIdConnect:Grants).");

    public static ProblemHttpResult OpenIdFailed() => Problem.Of(
        StatusCodes.Status401Unauthorized, "open-id-failed",
        "The sign-in was declined, has expired, or was changed on its way. Try again.");

    public static ProblemHttpResult UnknownTopic(string name, IReadOnlyList<string> names) => Problem.Of(
        StatusCodes.Status400BadRequest, "topic-unknown",
        $"'{Problem.Shorten(name)}' is not a topic. Use some of {string.Join(", ", names)}.");

    public static ProblemHttpResult TooManyStreams() => Problem.Of(
        StatusCodes.Status503ServiceUnavailable, "too-many-streams",
        "Too many streams of events are open, in this process or for this key. Close some pages of the console.");

    public static ProblemHttpResult Open() => Problem.Of(
        StatusCodes.Status409Conflict, "security-open", "This server accepts every request without a key (Security:Open).");
}
