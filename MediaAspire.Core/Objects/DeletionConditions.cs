namespace MediaAspire.Core.Objects;

/// <summary>The conditions under which an object or a version is deleted. They are judged under the key's lock.</summary>
/// <param name="ETag">The entity tag, without quotes, that it must have; <c>*</c> for any; <see langword="null"/> for no condition.</param>
/// <param name="ModifiedAt">The time of its creation, to the second.</param>
/// <param name="Size">The length in bytes that it must have.</param>
public sealed record DeletionConditions(string? ETag, DateTimeOffset? ModifiedAt, long? Size)
{
    public static DeletionConditions None { get; } = new(null, null, null);

    /// <summary>Gets a value indicating whether retention in governance mode is bypassed. No other lock is.</summary>
    public bool BypassesGovernance { get; init; }
}
