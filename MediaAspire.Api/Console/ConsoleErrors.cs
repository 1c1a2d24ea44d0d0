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

    public static ProblemHttpResult Open() => Problem.Of(
        StatusCodes.Status409Conflict, "security-open", "This server accepts every request without a key (Security:Open).");
}
