using MediaAspire.Api.S3.Protocol;
using MediaAspire.Core.Buckets;
using MediaAspire.Core.Caching;

namespace MediaAspire.Api.S3.Access;

/// <summary>Keeps access control lists and public access blocks parsed, by their text.</summary>
internal sealed class AccessDocuments(TimeProvider time)
{
    private static readonly TimeSpan s_lifetime = TimeSpan.FromHours(1);

    private readonly ExpiringCache<(string OwnerId, string Json), AccessControlList> _lists = new(capacity: 4096, s_lifetime, time);
    private readonly ParsedDocuments<PublicAccessBlock> _blocks = new(PublicAccessBlock.Parse, capacity: 64, time);

    /// <summary>Gets a list as <see cref="AccessControlList.ToJson"/> wrote it.</summary>
    public AccessControlList ListOf(string ownerId, string json)
    {
        if (!_lists.TryGet((ownerId, json), out var list))
        {
            list = AccessControlList.Parse(ownerId, json);
            _lists.Set((ownerId, json), list);
        }

        return list;
    }

    /// <inheritdoc cref="PublicAccessBlock.Of"/>
    public PublicAccessBlock BlockOf(Bucket bucket) =>
        bucket.Document(BucketDocument.PublicAccessBlock) is { } json ? _blocks.Get(json) : PublicAccessBlock.Nothing;
}
