using MediaAspire.Api.S3.Protocol;

namespace MediaAspire.Api.S3.Notifications;

/// <summary>Errors of the notifications of buckets.</summary>
internal static class NotificationErrors
{
    /// <summary>The topic does not exist, or the bucket may not use it.</summary>
    public static S3Error NoSuchTopic(string arn) => Destination(arn, "The destination topic does not exist");

    public static S3Error NotATopic(string arn) => Destination(arn, "The destination does not exist. This server has topics only.");

    public static S3Error MalformedArn(string arn) => S3Errors.InvalidArgument("Topic", arn, "The ARN is not well formed");

    public static S3Error UnsupportedEvent(string name) =>
        S3Errors.InvalidArgument("Event", name, "A specified event is not supported for notifications.");

    public static S3Error Overlap() => S3Errors.InvalidArgument(
        "NotificationConfiguration",
        value: null,
        "Configurations overlap. Configurations on the same bucket cannot share a common event type.");

    public static S3Error IdTooLong(int limit) =>
        S3Errors.InvalidArgument("Id", value: null, $"ID length should not exceed allowed limit of {limit}");

    public static S3Error IdNotUnique(string id) =>
        S3Errors.InvalidArgument("Id", id, "Same ID used for multiple configurations. IDs must be unique");

    public static S3Error TooManyRules() => S3Errors.InvalidArgument(
        "NotificationConfiguration",
        value: null,
        $"A bucket has at most {Core.Notifications.NotificationConfiguration.MaxRules} configurations.");

    public static S3Error UnknownFilter(string? name) =>
        S3Errors.InvalidArgument("FilterRule.Name", name, "filter rule name must be either prefix or suffix");

    public static S3Error RepeatedFilter(string name) =>
        S3Errors.InvalidArgument("FilterRule.Name", name, $"Cannot specify more than one {name} rule in a filter.");

    public static S3Error FilterTooLong(int limit) =>
        S3Errors.InvalidArgument(
            "FilterRule.Value", value: null, $"Size of filter rule value cannot exceed {limit} bytes in UTF-8 representation");

    public static S3Error EventBridge() => S3Errors.NotImplemented("Notifications by EventBridge are not implemented.");

    private static S3Error Destination(string arn, string reason) =>
        new S3Error("InvalidArgument", 400, "Unable to validate the following destination configurations")
            .With("ArgumentName1", arn)
            .With("ArgumentValue1", reason);
}
