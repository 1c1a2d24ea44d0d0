using MediaAspire.Api.S3.Protocol;

namespace MediaAspire.Api.S3.Policies;

/// <summary>Errors of bucket policies.</summary>
internal static class PolicyErrors
{
    public static S3Error NoPolicy(string bucket) =>
        new S3Error("NoSuchBucketPolicy", 404, "The bucket policy does not exist").With("BucketName", bucket);

    public static S3Error NotJson() => Malformed("Policies must be valid JSON and the first byte must be '{'");

    public static S3Error TooLong() => new("PolicyTooLarge", 400, "The policy exceeds the maximum allowed document size.");

    public static S3Error MissingField(string field) => Malformed($"Missing required field {field}");

    public static S3Error UnknownField(string field) => Malformed($"Unknown field {field}");

    public static S3Error InvalidSyntax() => Malformed("Invalid policy syntax.");

    public static S3Error InvalidVersion() => Malformed("The policy must contain a valid version string");

    public static S3Error InvalidEffect(string effect) => Malformed($"Invalid effect: {effect}");

    public static S3Error InvalidPrincipal(string principal) => Malformed("Invalid principal in policy").With("Detail", principal);

    public static S3Error AllowedNotPrincipal() => Malformed("Allow with NotPrincipal is not allowed.");

    public static S3Error InvalidAction() => Malformed("Policy has invalid action");

    public static S3Error InvalidResource() => Malformed("Policy has invalid resource");

    public static S3Error InvalidConditionType(string type) => Malformed($"Invalid Condition type : {type}");

    public static S3Error InvalidConditionKey(string key) => Malformed("Policy has an invalid condition key").With("Detail", key);

    public static S3Error InvalidConditionValue(string value) => Malformed("Invalid Condition value").With("Detail", value);

    /// <summary>The policy uses an unsupported part of the language. It is refused when it is put, so that nobody relies on it.</summary>
    public static S3Error NotImplemented(string what) => S3Errors.NotImplemented($"{what} in bucket policies are not implemented.");

    private static S3Error Malformed(string message) => new("MalformedPolicy", 400, message);
}
