using System.Buffers;
using System.Text;

namespace MediaAspire.Core.Audit;

/// <summary>Texts from requests in a form that the database accepts.</summary>
internal static class AuditText
{
    /// <summary>The most characters of a text; a key of S3 has up to 1,024 bytes.</summary>
    public const int MaxLength = 2048;

    private static readonly SearchValues<char> s_nul = SearchValues.Create('\0');

    /// <summary>Shortens a text, and replaces characters that cannot be stored: NUL, and halves of surrogate pairs.</summary>
    /// <remarks>One text that the database refuses would keep all later events from being written.</remarks>
    public static string Clean(string text)
    {
        if (text.Length <= MaxLength && !text.AsSpan().ContainsAnyInRange('\ud800', '\udfff') && !text.AsSpan().ContainsAny(s_nul))
        {
            return text;
        }

        var clean = new StringBuilder(Math.Min(text.Length, MaxLength));
        foreach (var rune in text.EnumerateRunes())
        {
            if (clean.Length + rune.Utf16SequenceLength > MaxLength)
            {
                break;
            }

            clean.Append((rune.Value == 0 ? Rune.ReplacementChar : rune).ToString());
        }

        return clean.ToString();
    }
}
