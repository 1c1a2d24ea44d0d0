using MediaAspire.Api.S3.Protocol;
using MediaAspire.Core.Buckets;
using MediaAspire.Core.Objects;

namespace MediaAspire.Api.S3.Policies;

/// <summary>What a policy is asked: may this request do this?</summary>
/// <param name="Request">The request.</param>
/// <param name="Action">The action, such as <c>s3:GetObject</c>.</param>
/// <param name="Bucket">The bucket.</param>
/// <param name="Key">The key; <see langword="null"/> for the bucket itself.</param>
internal sealed record PolicyQuestion(S3Request Request, string Action, Bucket Bucket, string? Key)
{
    private const string ArnPrefix = "arn:aws:s3:::";

    // Asked about a key, these are still about the bucket: may it be listed where the key would be?
    private static readonly string[] s_listings = ["s3:ListBucket", "s3:ListBucketVersions"];

    /// <summary>Gets the object that the action is on, where it is known.</summary>
    public ObjectVersion? Version { get; init; }

    public bool IsListing => s_listings.Contains(Action);

    /// <summary>Gets the prefix that is listed, or the key that a listing would show; <see langword="null"/> for everything.</summary>
    public string? Prefix => !IsListing ? null : Key ?? Request.Parameter("prefix");

    /// <summary>Gets the name of what the action is on.</summary>
    public string Resource => Key is null || IsListing ? $"{ArnPrefix}{Bucket.Name}" : $"{ArnPrefix}{Bucket.Name}/{Key}";
}
