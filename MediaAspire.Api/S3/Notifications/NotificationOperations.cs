using MediaAspire.Api.S3.Protocol;

namespace MediaAspire.Api.S3.Notifications;

/// <summary>The operations on the notifications of a bucket.</summary>
internal static class NotificationOperations
{
    private const string Subresource = "notification";

    public static IServiceCollection AddNotificationOperations(this IServiceCollection services)
    {
        services.AddS3Operation<PutBucketNotificationConfiguration>(
            new(
                "PutBucketNotificationConfiguration",
                HttpMethods.Put,
                S3Scope.Bucket,
                "s3:PutBucketNotification",
                typeof(PutBucketNotificationConfiguration))
            {
                Subresource = Subresource,
            });
        services.AddS3Operation<GetBucketNotificationConfiguration>(
            new(
                "GetBucketNotificationConfiguration",
                HttpMethods.Get,
                S3Scope.Bucket,
                "s3:GetBucketNotification",
                typeof(GetBucketNotificationConfiguration))
            {
                Subresource = Subresource,
            });

        return services;
    }
}
