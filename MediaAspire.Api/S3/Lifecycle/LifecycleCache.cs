using MediaAspire.Api.S3.Protocol;
using MediaAspire.Core.Lifecycle;

namespace MediaAspire.Api.S3.Lifecycle;

/// <summary>Keeps the lifecycle rules of buckets parsed; <see langword="null"/> for a document that cannot be parsed.</summary>
internal sealed class LifecycleCache(TimeProvider time)
    : ParsedDocuments<LifecycleConfiguration?>(LifecycleConfiguration.TryParse, capacity: 256, time);
