using System.Globalization;
using System.Text.RegularExpressions;

namespace MediaAspire.Api.S3.Locks;

/// <summary>Reads the time until which a version is retained.</summary>
internal static partial class RetainUntil
{
    private static readonly string[] s_formats =
        ["yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd", "yyyyMMdd'T'HHmmssK"];

    /// <summary>Reads a time of ISO 8601, in UTC unless it has an offset.</summary>
    /// <returns>The time, rounded up to the millisecond that clients are shown; <see langword="null"/> for an invalid time.</returns>
    public static DateTimeOffset? Parse(string text)
    {
        const DateTimeStyles styles = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        if (!DateTimeOffset.TryParseExact(Surplus().Replace(text, "$1"), s_formats, CultureInfo.InvariantCulture, styles, out var time)
            || time.Ticks > DateTimeOffset.MaxValue.Ticks - TimeSpan.TicksPerMillisecond)
        {
            return null;
        }

        var milliseconds = (time.Ticks + TimeSpan.TicksPerMillisecond - 1) / TimeSpan.TicksPerMillisecond;
        return new(milliseconds * TimeSpan.TicksPerMillisecond, TimeSpan.Zero);
    }

    // Some clients write nanoseconds.
    [GeneratedRegex(@"(\.[0-9]{7})[0-9]+", RegexOptions.CultureInvariant)]
    private static partial Regex Surplus();
}
