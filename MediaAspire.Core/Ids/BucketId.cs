namespace MediaAspire.Core.Ids;

/// <summary>Identifies a bucket; a name can be used again after a deletion, an id never.</summary>
/// <param name="Value">The UUID; version 7 when made by <see cref="New"/>.</param>
public readonly record struct BucketId(Guid Value)
{
    public static BucketId New(TimeProvider time) => new(Guid.CreateVersion7(time.GetUtcNow()));

    public override string ToString() => Value.ToString("D");
}
