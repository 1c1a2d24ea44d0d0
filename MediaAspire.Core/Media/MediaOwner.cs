using System.Diagnostics.CodeAnalysis;

namespace MediaAspire.Core.Media;

/// <summary>The owner of media, a name of the application's.</summary>
/// <param name="Value">See <see cref="Rule"/>; compared byte by byte.</param>
/// <remarks>A key that is bound to an owner (<see cref="Ids.OwnerId"/>) acts for the media owner of the same text.</remarks>
public readonly record struct MediaOwner(string Value)
{
    public const int MaxLength = 78;

    public const string Rule = "1 to 78 characters, without control characters";

    /// <summary>Parses an owner that a client sent.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out MediaOwner owner)
    {
        var isValid = MediaText.IsValid(text, 1, MaxLength);
        owner = isValid ? new MediaOwner(text!) : default;
        return isValid;
    }

    public override string ToString() => Value;
}
