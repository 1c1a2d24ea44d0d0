using MediaAspire.Api.S3.Protocol;
using Microsoft.Extensions.Options;

namespace MediaAspire.Api.S3.Signing;

/// <summary>Compares the time of a request that is signed in its header with this server's time.</summary>
internal sealed class SigningClock(TimeProvider time, IOptions<SigningOptions> options)
{
    /// <returns>The time in <c>x-amz-date</c>, else in <c>Date</c>.</returns>
    /// <exception cref="S3Exception">The time is missing, malformed, or differs too much.</exception>
    public DateTimeOffset Check(IHeaderDictionary headers)
    {
        var text = (headers.TryGetValue(SigV4.DateHeader, out var amazonDate) ? amazonDate : headers.Date).ToString();
        if (!SigningTime.TryParseHeader(text, out var requestTime))
        {
            throw SigningErrors.MissingDate().ToException();
        }

        var now = time.GetUtcNow();
        return (requestTime - now).Duration() <= options.Value.MaxClockSkew
            ? requestTime
            : throw SigningErrors.RequestTimeTooSkewed(text, now, options.Value.MaxClockSkew).ToException();
    }
}
