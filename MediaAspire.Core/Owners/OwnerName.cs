using System.Diagnostics.CodeAnalysis;

namespace MediaAspire.Core.Owners;

/// <summary>The rule for the names of owners and keys, which only people read.</summary>
public static class OwnerName
{
    public const int MaxLength = 128;

    public const string Rule = "1 to 128 characters, without control characters";

    public static bool IsValid([NotNullWhen(true)] string? name) =>
        name is { Length: > 0 and <= MaxLength } && !name.Any(c => char.IsControl(c) || char.IsSurrogate(c));
}
