using System.Globalization;

namespace MediaAspire.Api.S3.Signing;

/// <summary>Parses and formats the times in signatures.</summary>
internal static class SigningTime
{
    private const string Iso8601Basic = "yyyyMMdd'T'HHmmss'Z'";

    private static readonly string[] s_internetDates =
        ["dd MMM yyyy HH:mm:ss 'GMT'", "dd MMM yyyy HH:mm:ss 'UTC'", "dd MMM yyyy HH:mm:ss zzz"];

    /// <example><c>20130524T000000Z</c></example>
    public static string Format(DateTimeOffset time) => time.UtcDateTime.ToString(Iso8601Basic, CultureInfo.InvariantCulture);

    /// <example><c>2013-05-24T00:00:00Z</c></example>
    public static string FormatExtended(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    public static bool TryParseIso8601(string? text, out DateTimeOffset time) =>
        DateTimeOffset.TryParseExact(text, Iso8601Basic, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out time)
        && time >= DateTimeOffset.UnixEpoch;

    /// <summary>Parses a header: a time of ISO 8601, or an internet date, whose day of the week is ignored.</summary>
    public static bool TryParseHeader(string? text, out DateTimeOffset time)
    {
        if (TryParseIso8601(text, out time))
        {
            return true;
        }

        var date = text.AsSpan();
        if (date is [_, _, _, ',', ..])
        {
            date = date[4..];
        }

        const DateTimeStyles styles = DateTimeStyles.AllowWhiteSpaces | DateTimeStyles.AssumeUniversal;
        return DateTimeOffset.TryParseExact(date, s_internetDates, CultureInfo.InvariantCulture, styles, out time)
            && time >= DateTimeOffset.UnixEpoch;
    }
}
