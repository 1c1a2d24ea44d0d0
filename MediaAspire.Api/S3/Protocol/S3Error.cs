namespace MediaAspire.Api.S3.Protocol;

/// <summary>The error with which S3 refuses a request; written as an XML document, never as a problem document.</summary>
/// <param name="Code">The stable code that SDKs branch on, such as <c>NoSuchKey</c>.</param>
/// <param name="Status">The HTTP status, 300 to 599.</param>
/// <param name="Message">The message for people; some clients and the conformance suites compare it.</param>
internal sealed record S3Error(string Code, int Status, string Message)
{
    /// <summary>Gets the further elements, names and texts, in order. A text may contain characters that XML cannot represent.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Details { get; init; } = [];

    /// <summary>Gets the time after which the client is to try again; <see langword="null"/> for the usual one of a 503.</summary>
    public TimeSpan? RetryAfter { get; init; }

    public S3Error With(string element, string text) => this with { Details = [.. Details, new(element, text)] };

    public S3Exception ToException() => new(this);
}
