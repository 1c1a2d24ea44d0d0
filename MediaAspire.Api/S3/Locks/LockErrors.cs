using MediaAspire.Api.S3.Protocol;

namespace MediaAspire.Api.S3.Locks;

/// <summary>Errors of requests to lock, and of requests that a lock forbids.</summary>
internal static class LockErrors
{
    public static S3Error NoConfiguration(string bucket) =>
        new S3Error("ObjectLockConfigurationNotFoundError", 404, "Object Lock configuration does not exist for this bucket")
            .With("BucketName", bucket);

    /// <summary>The bucket does not have object lock.</summary>
    public static S3Error BucketHasNone() => S3Errors.InvalidRequest("Bucket is missing Object Lock Configuration");

    public static S3Error NeverSet(string key) =>
        new S3Error("NoSuchObjectLockConfiguration", 404, "The specified object does not have a ObjectLock configuration").With("Key", key);

    public static S3Error NeedsVersioning() =>
        new("InvalidBucketState", 409, "Versioning must be 'Enabled' on the bucket to apply a Object Lock configuration");

    public static S3Error KeepsVersioning() =>
        new(
            "InvalidBucketState",
            409,
            "An Object Lock configuration is present on this bucket, so the versioning state cannot be changed.");

    public static S3Error Held() => S3Errors.AccessDenied("Access Denied because object protected by object lock.");

    public static S3Error NotPositive() =>
        new("InvalidRetentionPeriod", 400, "Default retention period must be a positive integer value.");

    public static S3Error TooLong(string unit, int limit) =>
        new("InvalidRetentionPeriod", 400, $"Default retention period too large: at most {limit} {unit}.");

    public static S3Error Past(string until) =>
        S3Errors.InvalidArgument(LockHeaders.Until, until, "The retain until date must be in the future!");

    public static S3Error NoDate(string until) =>
        S3Errors.InvalidArgument(LockHeaders.Until, until, "The retain until date must be provided in ISO 8601 format");

    public static S3Error UnknownMode(string mode) => S3Errors.InvalidArgument(LockHeaders.Mode, mode, "Unknown wormMode directive.");

    public static S3Error UnknownHold(string hold) =>
        S3Errors.InvalidArgument(LockHeaders.LegalHold, hold, "Legal Hold must be either of 'ON' or 'OFF'");

    public static S3Error Incomplete(string missing) =>
        S3Errors.InvalidArgument(missing, null, $"{LockHeaders.Until} and {LockHeaders.Mode} must both be supplied");
}
