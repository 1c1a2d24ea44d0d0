using MediaAspire.Api.S3.Protocol;

namespace MediaAspire.Api.S3.Lifecycle;

/// <summary>Errors of lifecycle rules.</summary>
internal static class LifecycleErrors
{
    public static S3Error NoSuchConfiguration(string bucket) =>
        new S3Error("NoSuchLifecycleConfiguration", 404, "The lifecycle configuration does not exist").With("BucketName", bucket);

    public static S3Error IdTooLong(int limit) =>
        S3Errors.InvalidArgument("ID", value: null, $"ID length should not exceed allowed limit of {limit}");

    public static S3Error IdNotUnique(string id) =>
        S3Errors.InvalidArgument("ID", id, "Rule ID must be unique. Found same ID for more than one rule");

    public static S3Error NotPositive(string name, string action, int value) =>
        S3Errors.InvalidArgument(
            name,
            value.ToString(System.Globalization.CultureInfo.InvariantCulture),
            $"'{name}' for {action} action must be a positive integer");

    public static S3Error TooManyNewerVersions(int limit) =>
        S3Errors.InvalidArgument("NewerNoncurrentVersions", value: null, $"'NewerNoncurrentVersions' must be at most {limit}");

    public static S3Error NotMidnight(string date) => S3Errors.InvalidArgument("Date", date, "'Date' must be at midnight GMT");

    public static S3Error NoAction() => S3Errors.InvalidRequest("At least one action needs to be specified in a rule.");

    public static S3Error NotWithFilter(string action, string filter) =>
        S3Errors.InvalidRequest($"{action} cannot be specified with {filter}.");

    public static S3Error DuplicateTag() => S3Errors.InvalidRequest("Duplicate Tag Keys are not allowed.");

    public static S3Error EmptySizes() =>
        S3Errors.InvalidRequest("'ObjectSizeLessThan' has to be a value greater than 'ObjectSizeGreaterThan'.");

    public static S3Error Transition() =>
        S3Errors.NotImplemented("Transitions are not implemented, because there is only one storage class.");
}
