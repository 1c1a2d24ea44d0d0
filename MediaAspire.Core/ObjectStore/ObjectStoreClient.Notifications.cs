using Amazon.S3;
using Amazon.S3.Model;
using Microsoft.Extensions.Logging;

namespace MediaAspire.Core.ObjectStore;

// The notifications of the bucket.
public sealed partial class ObjectStoreClient
{
    private const string NotificationId = "mediaaspire-uploads";
    private const string NotificationPrefix = "media/";

    /// <summary>Has the bucket tell the topic of new media, and keeps the other configurations of the bucket.</summary>
    /// <remarks>
    /// A store that refuses the configuration does not prevent uploads: clients can finalize them, and a job finds those that they forgot.
    /// </remarks>
    private async Task EnsureNotificationsAsync(CancellationToken cancellationToken)
    {
        if (_options.EventTopic.Length == 0)
        {
            return;
        }

        try
        {
            await TryAsync<object?>(
                async () =>
                {
                    await SetNotificationsAsync(cancellationToken);
                    return null;
                },
                _ => default,
                cancellationToken);
        }
        catch (ObjectStoreException refused) when (refused.Code is not null)
        {
            LogNoNotifications(refused.Message);
        }
    }

    private async Task SetNotificationsAsync(CancellationToken cancellationToken)
    {
        var found = await _client.GetBucketNotificationAsync(new GetBucketNotificationRequest { BucketName = Bucket }, cancellationToken);
        var topics = found.TopicConfigurations ?? [];
        if (topics.Exists(IsWanted))
        {
            return;
        }

        await _client.PutBucketNotificationAsync(
            new PutBucketNotificationRequest
            {
                BucketName = Bucket,
                TopicConfigurations =
                [
                    .. topics.Where(topic => topic.Id != NotificationId),
                    new TopicConfiguration
                    {
                        Id = NotificationId,
                        Topic = _options.EventTopic,
                        Events = [EventType.ObjectCreatedAll],
                        Filter = new Filter { S3KeyFilter = new() { FilterRules = [new FilterRule("prefix", NotificationPrefix)] } },
                    },
                ],
                QueueConfigurations = found.QueueConfigurations,
                LambdaFunctionConfigurations = found.LambdaFunctionConfigurations,
                EventBridgeConfiguration = found.EventBridgeConfiguration,
            },
            cancellationToken);
    }

    private bool IsWanted(TopicConfiguration topic) =>
        topic.Id == NotificationId
        && topic.Topic == _options.EventTopic
        && topic.Events is [var only] && only == EventType.ObjectCreatedAll
        && topic.Filter?.S3KeyFilter?.FilterRules is [{ Value: NotificationPrefix } rule]
        && rule.Name.Equals("prefix", StringComparison.OrdinalIgnoreCase);

    [LoggerMessage(
        LogLevel.Warning,
        "The object store refused the notification configuration of ObjectStore:EventTopic: {Reason} "
            + "Uploads finish when clients finalize them")]
    private partial void LogNoNotifications(string reason);
}
