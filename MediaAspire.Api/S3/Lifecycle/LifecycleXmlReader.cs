using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using MediaAspire.Api.S3.Protocol;
using MediaAspire.Core.Lifecycle;

namespace MediaAspire.Api.S3.Lifecycle;

/// <summary>Reads the rules that clients send. Unknown elements are refused: an accepted rule must be carried out.</summary>
internal static class LifecycleXmlReader
{
    private const int MaxRules = 1000;
    private const int MaxIdLength = 255;
    private const int MaxNewerVersions = 100;

    /// <exception cref="S3Exception">A rule is malformed, contradicts itself, or asks for an unsupported feature.</exception>
    public static LifecycleConfiguration Read(XElement root)
    {
        var elements = root.Elements().ToList();
        if (root.Name.LocalName != "LifecycleConfiguration"
            || elements.Count is 0 or > MaxRules
            || elements.Any(element => element.Name.LocalName != "Rule"))
        {
            throw Malformed();
        }

        var rules = elements.Select(ReadRule).ToList();
        var ids = new HashSet<string>(StringComparer.Ordinal);
        if (rules.FirstOrDefault(rule => !ids.Add(rule.Id)) is { } repeated)
        {
            throw LifecycleErrors.IdNotUnique(repeated.Id).ToException();
        }

        // Last, so that other faults of the document are reported first.
        var names = elements.SelectMany(element => element.Elements()).Select(child => child.Name.LocalName);
        return names.Any(name => name.EndsWith("Transition", StringComparison.Ordinal))
            ? throw LifecycleErrors.Transition().ToException()
            : new LifecycleConfiguration(rules);
    }

    private static LifecycleRule ReadRule(XElement element)
    {
        var parts = new XmlParts(
            element,
            "ID", "Prefix", "Filter", "Status", "Expiration", "NoncurrentVersionExpiration", "AbortIncompleteMultipartUpload",
            "Transition*", "NoncurrentVersionTransition*");
        var id = parts.Text("ID") is { Length: > 0 } given ? given : RandomNumberGenerator.GetHexString(32, lowercase: true);
        if (id.Length > MaxIdLength)
        {
            throw LifecycleErrors.IdTooLong(MaxIdLength).ToException();
        }

        var isEnabled = parts.Text("Status") switch
        {
            "Enabled" => true,
            "Disabled" => false,
            _ => throw Malformed(),
        };
        var filter = (parts.Text("Prefix"), parts.Single("Filter")) switch
        {
            ({ } prefix, null) => new LifecycleFilter { Prefix = CheckPrefix(prefix) },
            (null, { } given2) => ReadFilter(given2),
            _ => throw Malformed(),
        };
        var rule = new LifecycleRule(id, isEnabled, filter) { HasOuterPrefix = parts.Single("Prefix") is not null };
        foreach (var transition in parts.All("Transition").Concat(parts.All("NoncurrentVersionTransition")))
        {
            CheckTransition(transition);
        }

        return ReadActions(rule, parts);
    }

    private static LifecycleRule ReadActions(LifecycleRule rule, XmlParts parts)
    {
        if (!parts.Has(
            "Expiration", "NoncurrentVersionExpiration", "AbortIncompleteMultipartUpload", "Transition", "NoncurrentVersionTransition"))
        {
            throw LifecycleErrors.NoAction().ToException();
        }

        if (parts.Single("Expiration") is { } expiration)
        {
            var times = new XmlParts(expiration, "Days", "Date", "ExpiredObjectDeleteMarker");
            if (expiration.Elements().Count() != 1)
            {
                throw Malformed();
            }

            rule = rule with
            {
                Days = times.Positive("Days", "Expiration"),
                Date = times.Midnight("Date"),
                ExpiredDeleteMarker = times.Bool("ExpiredObjectDeleteMarker"),
            };
            Refuse(rule.ExpiredDeleteMarker == true && rule.Filter.Tags.Count > 0, "ExpiredObjectDeleteMarker", "Tags");
            Refuse(rule.ExpiredDeleteMarker == true && rule.Filter.HasSize, "ExpiredObjectDeleteMarker", "Object Size");
        }

        if (parts.Single("NoncurrentVersionExpiration") is { } noncurrent)
        {
            var times = new XmlParts(noncurrent, "NoncurrentDays", "NewerNoncurrentVersions");
            rule = rule with
            {
                NoncurrentDays = times.Positive("NoncurrentDays", "NoncurrentVersionExpiration") ?? throw Malformed(),
                NewerNoncurrentVersions = times.Positive("NewerNoncurrentVersions", "NoncurrentVersionExpiration"),
            };
            if (rule.NewerNoncurrentVersions > MaxNewerVersions)
            {
                throw LifecycleErrors.TooManyNewerVersions(MaxNewerVersions).ToException();
            }
        }

        if (parts.Single("AbortIncompleteMultipartUpload") is { } abort)
        {
            var times = new XmlParts(abort, "DaysAfterInitiation");
            var days = times.Positive("DaysAfterInitiation", "AbortIncompleteMultipartUpload") ?? throw Malformed();
            rule = rule with { AbortUploadDays = days };
            Refuse(rule.Filter.Tags.Count > 0, "AbortIncompleteMultipartUpload", "Tags");
            Refuse(rule.Filter.HasSize, "AbortIncompleteMultipartUpload", "Object Size");
        }

        return rule;
    }

    /// <summary>Reads a filter. Conditions outside of <c>And</c>, of which S3 allows one, must also be met.</summary>
    private static LifecycleFilter ReadFilter(XElement element)
    {
        var outer = new XmlParts(element, "Prefix", "Tag*", "ObjectSizeGreaterThan", "ObjectSizeLessThan", "And");
        var inner = outer.Single("And") is { } and
            ? new XmlParts(and, "Prefix", "Tag*", "ObjectSizeGreaterThan", "ObjectSizeLessThan")
            : null;
        var (wide, narrow) = (outer.Text("Prefix"), inner?.Text("Prefix"));
        if (wide is not null && narrow is not null)
        {
            // One of the two prefixes must start with the other, or no key has both.
            (wide, narrow) = wide.Length <= narrow.Length ? (wide, narrow) : (narrow, wide);
            if (!narrow.StartsWith(wide, StringComparison.Ordinal))
            {
                throw Malformed();
            }
        }

        var tags = outer.All("Tag").Concat(inner?.All("Tag") ?? []).Select(ReadTag).ToList();
        if (tags.DistinctBy(tag => tag.Key).Count() != tags.Count)
        {
            throw LifecycleErrors.DuplicateTag().ToException();
        }

        var filter = new LifecycleFilter
        {
            Prefix = CheckPrefix(narrow ?? wide),
            Tags = tags,
            SizeGreaterThan = Larger(outer.Size("ObjectSizeGreaterThan"), inner?.Size("ObjectSizeGreaterThan")),
            SizeLessThan = Smaller(outer.Size("ObjectSizeLessThan"), inner?.Size("ObjectSizeLessThan")),
        };
        return filter.SizeLessThan <= filter.SizeGreaterThan ? throw LifecycleErrors.EmptySizes().ToException() : filter;
    }

    private static LifecycleTag ReadTag(XElement element)
    {
        var parts = new XmlParts(element, "Key", "Value");
        return parts.Text("Key") is { Length: > 0 and <= 128 } key && parts.Text("Value") is { Length: <= 256 } value
            ? new(key, value)
            : throw Malformed();
    }

    private static void CheckTransition(XElement element)
    {
        var parts = new XmlParts(element, "Days", "Date", "NoncurrentDays", "NewerNoncurrentVersions", "StorageClass");
        parts.Midnight("Date");
        if (parts.Text("StorageClass") is not { Length: > 0 } || !parts.Has("Days", "Date", "NoncurrentDays"))
        {
            throw Malformed();
        }
    }

    private static string? CheckPrefix(string? prefix) => prefix is not null && Encoding.UTF8.GetByteCount(prefix) > 1024
        ? throw S3Errors.InvalidRequest("The maximum size of a prefix is 1024.").ToException()
        : prefix;

    private static void Refuse(bool condition, string action, string filter)
    {
        if (condition)
        {
            throw LifecycleErrors.NotWithFilter(action, filter).ToException();
        }
    }

    private static long? Larger(long? left, long? right) => left is null || right > left ? right : left;

    private static long? Smaller(long? left, long? right) => left is null || right < left ? right : left;

    private static S3Exception Malformed() => S3Errors.MalformedXml().ToException();
}
