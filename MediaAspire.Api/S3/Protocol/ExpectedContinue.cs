namespace MediaAspire.Api.S3.Protocol;

/// <summary>
/// Requests with <c>Expect: 100-continue</c> that are answered without the interim response, which the server sends only when a body is
/// read. The client may then take what follows on the connection for another thing than it is, as botocore does, so the connection ends.
/// </summary>
internal static class ExpectedContinue
{
    /// <summary>Tells whether a request waits for an interim response that will not come, for it has no body.</summary>
    public static bool IsNeverSent(HttpRequest request) => IsAsked(request) && request.ContentLength is 0;

    /// <summary>Tells whether a request waits for an interim response.</summary>
    public static bool IsAsked(HttpRequest request) => request.Headers.Expect.Count > 0;

    /// <summary>Has the connection end after the answer.</summary>
    public static void EndConnection(HttpContext http) => http.Response.Headers.Connection = "close";
}
