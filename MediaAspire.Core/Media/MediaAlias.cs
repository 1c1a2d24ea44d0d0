using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace MediaAspire.Core.Media;

/// <summary>A name by which an owner finds an item; no two items of an owner have the same.</summary>
/// <param name="Value">See <see cref="Rule"/>; compared byte by byte.</param>
public readonly partial record struct MediaAlias(string Value)
{
    public const string Rule = "1 to 50 letters, digits, blanks and the characters _ . -, not only blanks";

    /// <summary>Parses an alias that a client sent; blanks at its ends are removed.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out MediaAlias alias)
    {
        var trimmed = text?.Trim(' ');
        var isValid = trimmed is not null && Expression().IsMatch(trimmed);
        alias = isValid ? new MediaAlias(trimmed!) : default;
        return isValid;
    }

    public override string ToString() => Value;

    [GeneratedRegex(@"\A[A-Za-z0-9_. -]{1,50}\z")]
    private static partial Regex Expression();
}
