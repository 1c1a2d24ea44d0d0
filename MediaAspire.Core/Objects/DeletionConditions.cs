namespace MediaAspire.Core.Objects;

/// <summary>What must be true of an object or of a version for it to be deleted; looked at under the key's lock.</summary>
/// <param name="ETag">The entity tag, without quotes, that it must have; <c>*</c> for any; <see langword="null"/> for no condition.</param>
/// <param name="ModifiedAt">When it must have been made, to the second.</param>
/// <param name="Size">The length in bytes that it must have.</param>
public sealed record DeletionConditions(string? ETag, DateTimeOffset? ModifiedAt, long? Size)
{
    public static DeletionConditions None { get; } = new(null, null, null);

    /// <summary>Gets whether a version may go although it is kept in governance mode. Nothing else that locks it is bypassed.</summary>
    public bool BypassesGovernance { get; init; }

    /// <summary>Gets whether nothing must be true.</summary>
    public bool AreNone => ETag is null && ModifiedAt is null && Size is null;

    /// <summary>Judges a deletion. What is not there is deleted already, whatever was asked of it.</summary>
    public bool Allow(ObjectVersion? version) =>
        version is null
        || ((ETag is null or ObjectConditions.Any || ETag == version.ETag)
            && (ModifiedAt is not { } time || time.ToUnixTimeSeconds() == version.ModifiedAt.ToUnixTimeSeconds())
            && (Size is not { } size || size == version.Size));
}
