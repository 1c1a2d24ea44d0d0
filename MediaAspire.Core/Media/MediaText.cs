using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace MediaAspire.Core.Media;

/// <summary>The rules for texts of the catalog.</summary>
public static class MediaText
{
    /// <summary>
    /// Determines whether a text of one line has a length in Unicode code points, and no control character, lone surrogate, U+FFFE
    /// or U+FFFF, which are no characters.
    /// </summary>
    public static bool IsValid([NotNullWhen(true)] string? text, int minLength, int maxLength)
    {
        if (text is null || text.Length > 2 * maxLength)
        {
            return false;
        }

        var length = 0;
        for (var rest = text.AsSpan(); rest.Length > 0; length++)
        {
            if (Rune.DecodeFromUtf16(rest, out var rune, out var consumed) != System.Buffers.OperationStatus.Done
                || Rune.IsControl(rune)
                || rune.Value is 0xFFFE or 0xFFFF)
            {
                return false;
            }

            rest = rest[consumed..];
        }

        return length >= minLength && length <= maxLength;
    }

    /// <summary>Determines whether the database can store a text of any lines: it has no NUL and no lone surrogate.</summary>
    public static bool IsStorable(string text)
    {
        for (var rest = text.AsSpan(); rest.Length > 0;)
        {
            if (Rune.DecodeFromUtf16(rest, out var rune, out var consumed) != System.Buffers.OperationStatus.Done || rune.Value == 0)
            {
                return false;
            }

            rest = rest[consumed..];
        }

        return true;
    }

    /// <summary>Normalizes a text for comparisons: trimmed, lower-cased and in NFKC.</summary>
    /// <remarks>The text has no lone surrogates. The result can be longer than the text.</remarks>
    public static string Normalize(string text) =>
        UnicodeNormalization.ToFormKC(UnicodeNormalization.ToFormKC(text).ToLowerInvariant()).Trim();
}
