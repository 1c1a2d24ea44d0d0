using MediaAspire.Api.S3.Protocol;
using MediaAspire.Core.Buckets;
using MediaAspire.Core.Objects;

namespace MediaAspire.Api.S3.Policies;

/// <summary>The request and action that a policy is evaluated for.</summary>
/// <param name="Request">The request.</param>
/// <param name="Action">The action, such as <c>s3:GetObject</c>.</param>
/// <param name="Bucket">The bucket.</param>
/// <param name="Key">The key; <see langword="null"/> for the bucket itself.</param>
internal sealed record PolicyQuestion(S3Request Request, string Action, Bucket Bucket, string? Key)
{
    private const string ArnPrefix = "arn:aws:s3:::";

    // With a key these are still on the bucket: they ask whether a listing may show the key.
    private static readonly string[] s_listings = ["s3:ListBucket", "s3:ListBucketVersions"];

    /// <summary>Gets the object that the action is on; <see langword="null"/> when it is not known.</summary>
    public ObjectVersion? Version { get; init; }

    public bool IsListing => s_listings.Contains(Action);

    /// <summary>Gets the listed prefix, or the key that a listing would show; <see langword="null"/> for the whole bucket.</summary>
    public string? Prefix => !IsListing ? null : Key ?? Request.Parameter("prefix");

    /// <summary>Gets the ARN of the bucket or object that the action is on.</summary>
    public string Resource => Key is null || IsListing ? $"{ArnPrefix}{Bucket.Name}" : $"{ArnPrefix}{Bucket.Name}/{Key}";
}
