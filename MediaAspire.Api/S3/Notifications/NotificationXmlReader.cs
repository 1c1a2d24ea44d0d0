using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using MediaAspire.Api.S3.Protocol;
using MediaAspire.Core.Notifications;

namespace MediaAspire.Api.S3.Notifications;

/// <summary>Reads the rules that clients send. Unknown elements are refused: an accepted rule must be carried out.</summary>
internal static class NotificationXmlReader
{
    private const int MaxIdLength = 255;
    private const int MaxFilterBytes = 1024;

    /// <param name="root">The document.</param>
    /// <param name="region">The region of this S3, which the ARNs of its topics have.</param>
    /// <exception cref="S3Exception">A rule is malformed, names another kind of target, or overlaps with another one.</exception>
    public static IReadOnlyList<NotificationRule> Read(XElement root, string region)
    {
        if (root.Name.LocalName != "NotificationConfiguration")
        {
            throw Malformed();
        }

        var parts = new XmlParts(
            root, "TopicConfiguration*", "QueueConfiguration*", "CloudFunctionConfiguration*", "EventBridgeConfiguration");
        if (parts.Has("EventBridgeConfiguration"))
        {
            throw NotificationErrors.EventBridge().ToException();
        }

        RefuseOthers(parts.All("QueueConfiguration"), "Queue");
        RefuseOthers(parts.All("CloudFunctionConfiguration"), "CloudFunction");
        var elements = parts.All("TopicConfiguration").ToList();
        if (elements.Count > NotificationConfiguration.MaxRules)
        {
            throw NotificationErrors.TooManyRules().ToException();
        }

        var rules = elements.Select(element => ReadRule(element, region)).ToList();
        Check(rules);
        return rules;
    }

    // There are topics only: a queue or a function of any name does not exist.
    private static void RefuseOthers(IEnumerable<XElement> elements, string name)
    {
        foreach (var element in elements)
        {
            throw element.Text(name) is { Length: > 0 } arn ? NotificationErrors.NotATopic(arn).ToException() : Malformed();
        }
    }

    private static NotificationRule ReadRule(XElement element, string region)
    {
        // PostgreSQL cannot read a JSON string with a NUL, so that every later write to the bucket would fail.
        if (element.Value.Contains('\0', StringComparison.Ordinal))
        {
            throw Malformed();
        }

        var parts = new XmlParts(element, "Id", "Topic", "Event*", "Filter");
        var id = parts.Text("Id") is { Length: > 0 } given ? given : RandomNumberGenerator.GetHexString(32, lowercase: true);
        if (id.Length > MaxIdLength)
        {
            throw NotificationErrors.IdTooLong(MaxIdLength).ToException();
        }

        var topic = parts.Text("Topic") ?? throw Malformed();
        if (!NotificationArn.TryParse(topic, out var arn))
        {
            throw topic.StartsWith("arn:", StringComparison.Ordinal)
                ? NotificationErrors.NoSuchTopic(topic).ToException()
                : NotificationErrors.MalformedArn(topic).ToException();
        }

        if (arn.Region != region)
        {
            throw NotificationErrors.NoSuchTopic(topic).ToException();
        }

        var events = parts.All("Event").Select(name => name.Value).ToList();
        if (events.Count == 0)
        {
            throw Malformed();
        }

        if (events.Find(name => !EventNames.All.Contains(name)) is { } unknown)
        {
            throw NotificationErrors.UnsupportedEvent(unknown).ToException();
        }

        var (prefix, suffix) = parts.Single("Filter") is { } filter ? ReadFilter(filter) : ("", "");
        return new(id, arn.Target, [.. events.Distinct()], prefix, suffix);
    }

    private static (string Prefix, string Suffix) ReadFilter(XElement element)
    {
        var rules = new XmlParts(element, "S3Key").Single("S3Key") is { } key ? new XmlParts(key, "FilterRule*").All("FilterRule") : [];
        string? prefix = null;
        string? suffix = null;
        foreach (var rule in rules)
        {
            var parts = new XmlParts(rule, "Name", "Value");
            var value = parts.Text("Value") ?? "";
            if (Encoding.UTF8.GetByteCount(value) > MaxFilterBytes)
            {
                throw NotificationErrors.FilterTooLong(MaxFilterBytes).ToException();
            }

            // AWS accepts every case, and its console writes the names with a capital.
            switch (parts.Text("Name")?.ToUpperInvariant())
            {
                case "PREFIX":
                    prefix = prefix is null ? value : throw NotificationErrors.RepeatedFilter("prefix").ToException();
                    break;
                case "SUFFIX":
                    suffix = suffix is null ? value : throw NotificationErrors.RepeatedFilter("suffix").ToException();
                    break;
                default:
                    throw NotificationErrors.UnknownFilter(parts.Text("Name")).ToException();
            }
        }

        return (prefix ?? "", suffix ?? "");
    }

    private static void Check(List<NotificationRule> rules)
    {
        var ids = new HashSet<string>(StringComparer.Ordinal);
        if (rules.Find(rule => !ids.Add(rule.Id)) is { } repeated)
        {
            throw NotificationErrors.IdNotUnique(repeated.Id).ToException();
        }

        for (var i = 0; i < rules.Count; i++)
        {
            if (rules.Take(i).Any(rules[i].Overlaps))
            {
                throw NotificationErrors.Overlap().ToException();
            }
        }
    }

    private static S3Exception Malformed() => S3Errors.MalformedXml().ToException();
}
