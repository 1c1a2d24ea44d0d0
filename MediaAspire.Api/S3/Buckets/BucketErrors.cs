using MediaAspire.Api.S3.Protocol;

namespace MediaAspire.Api.S3.Buckets;

/// <summary>Errors of operations on buckets themselves.</summary>
internal static class BucketErrors
{
    public static S3Error AlreadyExists(string bucket) =>
        new S3Error(
            "BucketAlreadyExists",
            409,
            "The requested bucket name is not available. The bucket namespace is shared by all users of the system. "
            + "Please select a different name and try again.")
            .With("BucketName", bucket);

    public static S3Error AlreadyOwnedByYou(string bucket) =>
        new S3Error(
            "BucketAlreadyOwnedByYou", 409, "Your previous request to create the named bucket succeeded and you already own it.")
            .With("BucketName", bucket);

    public static S3Error NotEmpty(string bucket) =>
        new S3Error("BucketNotEmpty", 409, "The bucket you tried to delete is not empty").With("BucketName", bucket);

    public static S3Error InvalidLocationConstraint(string region) =>
        new S3Error("InvalidLocationConstraint", 400, "The specified location-constraint is not valid").With("LocationConstraint", region);
}
