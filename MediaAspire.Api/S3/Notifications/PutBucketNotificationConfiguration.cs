using MediaAspire.Api.S3.Protocol;
using MediaAspire.Core.Buckets;
using MediaAspire.Core.Notifications;
using Microsoft.Extensions.Options;

namespace MediaAspire.Api.S3.Notifications;

/// <summary>PutBucketNotificationConfiguration: replaces the rules of a bucket; a document without rules removes them.</summary>
internal sealed class PutBucketNotificationConfiguration(
    BucketCatalog buckets, IOptions<NotificationOptions> notifications, IOptions<S3Options> s3) : IS3Operation
{
    public async Task ExecuteAsync(S3Request request, CancellationToken cancellationToken)
    {
        var document = await S3Documents.ReadXmlAsync(request, DocumentBounds.NotificationRules, cancellationToken);
        var rules = NotificationXmlReader.Read(document, s3.Value.Region);
        if (rules.FirstOrDefault(rule => notifications.Value.FindFor(request.Bucket.Name, rule.Target) is null) is { } unknown)
        {
            throw NotificationErrors.NoSuchTopic(new NotificationArn(s3.Value.Region, unknown.Target).ToString()).ToException();
        }

        await buckets.SetDocumentAsync(
            request.Bucket.Id,
            BucketDocument.Notifications,
            rules.Count == 0 ? null : new NotificationConfiguration(rules).ToJson(),
            cancellationToken);
        request.Response.StatusCode = StatusCodes.Status200OK;
    }
}
