using MediaAspire.Api.S3.Protocol;

namespace MediaAspire.Api.S3.Policies;

/// <summary>Keeps the policies of buckets parsed. They were validated when they were put.</summary>
internal sealed class PolicyCache(TimeProvider time)
    : ParsedDocuments<BucketPolicy>(static text => PolicyReader.Read(text, bucket: null), capacity: 1_000, time);
