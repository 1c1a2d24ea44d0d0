using System.Xml;
using MediaAspire.Api.S3.Protocol;
using MediaAspire.Core.Buckets;
using MediaAspire.Core.Notifications;
using Microsoft.Extensions.Options;

namespace MediaAspire.Api.S3.Notifications;

/// <summary>GetBucketNotificationConfiguration: an empty document for a bucket without rules.</summary>
internal sealed class GetBucketNotificationConfiguration(IOptions<S3Options> s3) : IS3Operation
{
    public Task ExecuteAsync(S3Request request, CancellationToken cancellationToken)
    {
        var rules = request.Bucket.Document(BucketDocument.Notifications) is { } document
            ? NotificationConfiguration.Parse(document).Rules
            : [];
        return S3Xml.WriteAsync(
            request,
            "NotificationConfiguration",
            xml =>
            {
                foreach (var rule in rules)
                {
                    xml.Element("TopicConfiguration", element => Write(element, rule, s3.Value.Region));
                }
            },
            cancellationToken);
    }

    private static void Write(XmlWriter xml, NotificationRule rule, string region)
    {
        xml.Element("Id", rule.Id);
        xml.Element("Topic", new NotificationArn(region, rule.Target).ToString());
        foreach (var name in rule.Events)
        {
            xml.Element("Event", name);
        }

        if (rule.Prefix.Length + rule.Suffix.Length > 0)
        {
            xml.Element("Filter", filter => filter.Element("S3Key", key =>
            {
                WriteRule(key, "Prefix", rule.Prefix);
                WriteRule(key, "Suffix", rule.Suffix);
            }));
        }
    }

    private static void WriteRule(XmlWriter xml, string name, string value)
    {
        if (value.Length > 0)
        {
            xml.Element("FilterRule", element =>
            {
                element.Element("Name", name);
                element.Element("Value", value);
            });
        }
    }
}
