namespace MediaAspire.Core.Objects;

/// <summary>What must be true of a key for a write to happen; looked at under the key's lock.</summary>
/// <param name="IfMatch">The entity tag, without quotes, that the current object must have; <c>*</c> for any; <see langword="null"/> for no condition.</param>
/// <param name="IfNoneMatch">The entity tag that the current object must not have; <c>*</c> for: there must be none.</param>
public sealed record ObjectConditions(string? IfMatch, string? IfNoneMatch)
{
    public static ObjectConditions None { get; } = new(null, null);

    public const string Any = "*";

    /// <summary>Judges a write by the entity tag of the current object, <see langword="null"/> when there is none.</summary>
    public ObjectWriteOutcome Judge(string? current) =>
        IfMatch is not null && current is null ? ObjectWriteOutcome.NoSuchKey
        : IfMatch is not null && IfMatch != Any && IfMatch != current ? ObjectWriteOutcome.PreconditionFailed
        : IfNoneMatch is not null && current is not null && (IfNoneMatch == Any || IfNoneMatch == current) ? ObjectWriteOutcome.PreconditionFailed
        : ObjectWriteOutcome.Written;
}

/// <summary>How a conditional write went.</summary>
public enum ObjectWriteOutcome
{
    Written,

    /// <summary>The bucket is gone.</summary>
    NoSuchBucket,

    /// <summary><see cref="ObjectConditions.IfMatch"/> was given, and there is no current object.</summary>
    NoSuchKey,

    /// <summary>The current object is another one than was asked for.</summary>
    PreconditionFailed,

    /// <summary>The version is locked, and must not be deleted.</summary>
    Locked,
}
