using System.Globalization;
using MediaAspire.Api.S3.Protocol;

namespace MediaAspire.Api.S3.Lifecycle;

/// <summary>Reads the values that only lifecycle rules have.</summary>
internal static class LifecycleParts
{
    private static readonly string[] s_dateFormats = ["yyyy-MM-dd", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"];

    /// <exception cref="S3Exception">The value is not a whole number of at least 1.</exception>
    public static int? Positive(this XmlParts parts, string name, string action)
    {
        if (parts.Text(name) is not { } text)
        {
            return null;
        }

        if (!int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
        {
            throw S3Errors.MalformedXml().ToException();
        }

        return number >= 1 ? number : throw LifecycleErrors.NotPositive(name, action, number).ToException();
    }

    /// <exception cref="S3Exception">The value is not a date of ISO 8601 at midnight UTC.</exception>
    public static DateTimeOffset? Midnight(this XmlParts parts, string name)
    {
        if (parts.Text(name) is not { } text)
        {
            return null;
        }

        const DateTimeStyles styles = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        if (!DateTimeOffset.TryParseExact(text, s_dateFormats, CultureInfo.InvariantCulture, styles, out var date))
        {
            throw S3Errors.MalformedXml().ToException();
        }

        return date.TimeOfDay == TimeSpan.Zero ? date : throw LifecycleErrors.NotMidnight(text).ToException();
    }
}
