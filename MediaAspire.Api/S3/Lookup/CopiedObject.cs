using MediaAspire.Core.Buckets;
using MediaAspire.Core.Objects;

namespace MediaAspire.Api.S3.Lookup;

/// <summary>The source of a copy, which the sender may read.</summary>
/// <param name="Bucket">Its bucket.</param>
/// <param name="Located">The version, and where its bytes are.</param>
internal sealed record CopiedObject(Bucket Bucket, LocatedObject Located)
{
    public ObjectVersion Version => Located.Version;
}
