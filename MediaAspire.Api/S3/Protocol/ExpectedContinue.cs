namespace MediaAspire.Api.S3.Protocol;

/// <summary>
/// Requests with <c>Expect: 100-continue</c> that get no interim response, which the server sends only when a body is read. The client may
/// then misread the rest of the connection, as botocore does, so the connection is closed.
/// </summary>
internal static class ExpectedContinue
{
    /// <summary>Determines whether a request waits for an interim response that is never sent, because it has no body.</summary>
    public static bool IsNeverSent(HttpRequest request) => IsAsked(request) && request.ContentLength is 0;

    /// <summary>Determines whether a request waits for an interim response.</summary>
    public static bool IsAsked(HttpRequest request) => request.Headers.Expect.Count > 0;

    /// <summary>Closes the connection after the response.</summary>
    public static void EndConnection(HttpContext http) => http.Response.Headers.Connection = "close";
}
