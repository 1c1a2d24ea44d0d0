using System.Xml;
using MediaAspire.Api.S3.Protocol;
using MediaAspire.Core.Lifecycle;

namespace MediaAspire.Api.S3.Lifecycle;

/// <summary>Writes rules as a document.</summary>
internal static class LifecycleXmlWriter
{
    public static void Write(XmlWriter xml, LifecycleConfiguration configuration)
    {
        foreach (var rule in configuration.Rules)
        {
            xml.Element("Rule", element => WriteRule(element, rule));
        }
    }

    private static void WriteRule(XmlWriter xml, LifecycleRule rule)
    {
        xml.Element("ID", rule.Id);
        if (rule.HasOuterPrefix)
        {
            xml.Element("Prefix", rule.Filter.Prefix);
        }
        else
        {
            xml.Element("Filter", element => WriteFilter(element, rule.Filter));
        }

        xml.Element("Status", rule.IsEnabled ? "Enabled" : "Disabled");
        if (rule.Days is not null || rule.Date is not null || rule.ExpiredDeleteMarker is not null)
        {
            xml.Element("Expiration", element =>
            {
                Optional(element, "Days", rule.Days);
                if (rule.Date is { } date)
                {
                    element.Element("Date", date);
                }

                if (rule.ExpiredDeleteMarker is { } marker)
                {
                    element.Element("ExpiredObjectDeleteMarker", marker);
                }
            });
        }

        if (rule.NoncurrentDays is not null)
        {
            xml.Element("NoncurrentVersionExpiration", element =>
            {
                Optional(element, "NoncurrentDays", rule.NoncurrentDays);
                Optional(element, "NewerNoncurrentVersions", rule.NewerNoncurrentVersions);
            });
        }

        if (rule.AbortUploadDays is not null)
        {
            xml.Element("AbortIncompleteMultipartUpload", element => Optional(element, "DaysAfterInitiation", rule.AbortUploadDays));
        }
    }

    private static void WriteFilter(XmlWriter xml, LifecycleFilter filter)
    {
        var conditions = (filter.Prefix is null ? 0 : 1) + filter.Tags.Count
            + (filter.SizeGreaterThan is null ? 0 : 1) + (filter.SizeLessThan is null ? 0 : 1);
        if (conditions > 1)
        {
            xml.Element("And", element => WriteConditions(element, filter));
        }
        else
        {
            WriteConditions(xml, filter);
        }
    }

    private static void WriteConditions(XmlWriter xml, LifecycleFilter filter)
    {
        if (filter.Prefix is { } prefix)
        {
            xml.Element("Prefix", prefix);
        }

        foreach (var tag in filter.Tags)
        {
            xml.Element("Tag", element =>
            {
                element.Element("Key", tag.Key);
                element.Element("Value", tag.Value);
            });
        }

        Optional(xml, "ObjectSizeGreaterThan", filter.SizeGreaterThan);
        Optional(xml, "ObjectSizeLessThan", filter.SizeLessThan);
    }

    private static void Optional(XmlWriter xml, string name, long? number)
    {
        if (number is { } value)
        {
            xml.Element(name, value);
        }
    }
}
