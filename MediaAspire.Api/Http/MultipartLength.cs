using Microsoft.AspNetCore.WebUtilities;

namespace MediaAspire.Api.Http;

/// <summary>
/// Estimates the remaining length of the current part of a form, from the length of the request and the bytes that were read.
/// </summary>
/// <remarks>
/// Exact when the file is the form's last part and its headers are written the usual way, as curl, browsers and HttpClient do.
/// It decides only where the file is cut into chunks, so a wrong estimate only makes the chunks uneven.
/// </remarks>
internal sealed class MultipartLength(long? contentLength, string boundary)
{
    // "--boundary\r\n" before a part, "\r\n" before the next boundary, "--boundary--\r\n" at the end.
    private readonly int _opening = boundary.Length + 4;
    private readonly int _closing = 2 + boundary.Length + 6;
    private long _passed;

    /// <summary>Counts a part's boundary and headers: "Name: value\r\n" each, and an empty line.</summary>
    public void Pass(MultipartSection section) =>
        _passed += _opening + 2 + (section.Headers?.Sum(header => header.Value.Sum(value => header.Key.Length + 4 + Bytes(value))) ?? 0);

    /// <summary>Counts a part's body.</summary>
    public void PassBody(int bytes) => _passed += bytes + 2;

    /// <returns>The bytes left for the current part; <see langword="null"/> when the length of the request is unknown.</returns>
    public long? EstimateRest() => contentLength is { } total ? Math.Max(0, total - _passed - _closing) : null;

    private static int Bytes(string? value) => System.Text.Encoding.UTF8.GetByteCount(value ?? "");
}
