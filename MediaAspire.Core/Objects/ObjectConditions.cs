namespace MediaAspire.Core.Objects;

/// <summary>The conditions on a key's current object under which a write happens. They are judged under the key's lock.</summary>
/// <param name="IfMatch">
/// The entity tag, without quotes, that the object must have; <c>*</c> for any; <see langword="null"/> for no condition.
/// </param>
/// <param name="IfNoneMatch">The entity tag that the object must not have; <c>*</c> when the object must not exist.</param>
public sealed record ObjectConditions(string? IfMatch, string? IfNoneMatch)
{
    public static ObjectConditions None { get; } = new(null, null);

    public const string Any = "*";
}
