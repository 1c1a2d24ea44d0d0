using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace MediaAspire.Core.Ids;

/// <summary>Identifies the owner of keys, files, buckets and objects: a name that an application chose, or a canonical id of S3.</summary>
/// <param name="Value">See <see cref="Rule"/>; compared byte by byte.</param>
public readonly partial record struct OwnerId(string Value)
{
    public const string Rule = "1 to 128 letters, digits and the characters . _ $ @ + : -";

    internal const string Pattern = @"\A[A-Za-z0-9._$@+:-]{1,128}\z";

    /// <summary>Parses an id that a client sent.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out OwnerId id)
    {
        var isValid = text is not null && Expression().IsMatch(text);
        id = isValid ? new OwnerId(text!) : default;
        return isValid;
    }

    public override string ToString() => Value;

    [GeneratedRegex(Pattern)]
    private static partial Regex Expression();
}
