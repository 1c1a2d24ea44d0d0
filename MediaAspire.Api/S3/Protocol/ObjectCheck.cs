using MediaAspire.Core.Buckets;
using MediaAspire.Core.Objects;

namespace MediaAspire.Api.S3.Protocol;

/// <summary>The part of a permission that depends on the version that is found: its owner, its list, its tags.</summary>
/// <remarks>
/// <see cref="IS3Authorizer.AuthorizeObject"/> makes it, and every look-up of an object requires it. So the version that is judged is the
/// version that is used, it is read once, and no operation can forget to ask.
/// </remarks>
/// <param name="bucket">The bucket that the permission is for.</param>
/// <param name="key">The key that the permission is for.</param>
internal abstract class ObjectCheck(Bucket bucket, string key)
{
    public Bucket Bucket => bucket;

    public string Key => key;

    /// <summary>Judges the version that was found.</summary>
    /// <exception cref="S3Exception">The sender may not use it.</exception>
    public abstract void Judge(ObjectVersion found);

    /// <summary>Combines two checks of one object, both of which must succeed.</summary>
    public ObjectCheck And(ObjectCheck other) => new Both(this, other);

    private sealed class Both(ObjectCheck first, ObjectCheck second) : ObjectCheck(first.Bucket, first.Key)
    {
        public override void Judge(ObjectVersion found)
        {
            first.Judge(found);
            second.Judge(found);
        }
    }
}
