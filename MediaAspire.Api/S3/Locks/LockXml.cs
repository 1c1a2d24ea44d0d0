using System.Globalization;
using System.Xml;
using System.Xml.Linq;
using MediaAspire.Api.S3.Protocol;
using MediaAspire.Core.Buckets;

namespace MediaAspire.Api.S3.Locks;

/// <summary>The documents of object lock. Unknown elements are refused: an accepted lock must be enforced.</summary>
internal static class LockXml
{
    public const string On = "ON";
    public const string Off = "OFF";

    private const string Enabled = "Enabled";

    /// <summary>Reads an <c>ObjectLockConfiguration</c>.</summary>
    /// <exception cref="S3Exception">The document is malformed, or its period is invalid.</exception>
    public static ObjectLockConfiguration ReadConfiguration(XElement root)
    {
        var parts = Parts(root, "ObjectLockConfiguration", "ObjectLockEnabled", "Rule");
        if (parts.Text("ObjectLockEnabled") != Enabled)
        {
            throw Malformed();
        }

        return parts.Single("Rule") is { } rule && new XmlParts(rule, "DefaultRetention").Single("DefaultRetention") is { } retention
            ? new(ReadDefault(new XmlParts(retention, "Mode", "Days", "Years")))
            : new(Default: null);
    }

    /// <summary>Reads a <c>Retention</c>; <see langword="null"/> for an empty one, which removes the retention.</summary>
    /// <exception cref="S3Exception">The document is malformed.</exception>
    public static Retention? ReadRetention(XElement root)
    {
        var parts = Parts(root, "Retention", "Mode", "RetainUntilDate");
        return (parts.Text("Mode"), parts.Text("RetainUntilDate")) switch
        {
            (null, null) => null,
            ({ } mode, { } until) when RetentionModes.Find(mode) is { } known && RetainUntil.Parse(until) is { } time => new(known, time),
            _ => throw Malformed(),
        };
    }

    /// <summary>Reads the status of a <c>LegalHold</c>.</summary>
    /// <exception cref="S3Exception">The document is malformed.</exception>
    public static bool ReadLegalHold(XElement root) => Parts(root, "LegalHold", "Status").Text("Status") switch
    {
        On => true,
        Off => false,
        _ => throw Malformed(),
    };

    public static void Write(XmlWriter xml, ObjectLockConfiguration configuration)
    {
        xml.Element("ObjectLockEnabled", Enabled);
        if (configuration.Default is not { } retention)
        {
            return;
        }

        xml.Element("Rule", rule => rule.Element("DefaultRetention", element =>
        {
            element.Element("Mode", retention.Mode.Name);
            if (retention.Days is { } days)
            {
                element.Element("Days", days);
            }

            if (retention.Years is { } years)
            {
                element.Element("Years", years);
            }
        }));
    }

    private static DefaultRetention ReadDefault(XmlParts parts)
    {
        var mode = RetentionModes.Find(parts.Text("Mode")) ?? throw Malformed();
        return (parts.Text("Days"), parts.Text("Years")) switch
        {
            ({ } days, null) => new(mode, ReadPeriod(days, "days", DefaultRetention.MaxDays), Years: null),
            (null, { } years) => new(mode, Days: null, ReadPeriod(years, "years", DefaultRetention.MaxYears)),
            _ => throw Malformed(),
        };
    }

    private static int ReadPeriod(string text, string unit, int limit) =>
        !int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var period) ? throw Malformed()
        : period < 1 ? throw LockErrors.NotPositive().ToException()
        : period > limit ? throw LockErrors.TooLong(unit, limit).ToException()
        : period;

    private static XmlParts Parts(XElement root, string name, params ReadOnlySpan<string> children) =>
        root.Name.LocalName == name ? new(root, children) : throw Malformed();

    private static S3Exception Malformed() => S3Errors.MalformedXml().ToException();
}
