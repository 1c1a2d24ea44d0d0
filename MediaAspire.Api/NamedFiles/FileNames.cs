using System.Text;

namespace MediaAspire.Api.NamedFiles;

/// <summary>Checks client ids and names: they are not empty, not too long, and have no control characters.</summary>
internal static class FileNames
{
    public const int MaxClientIdBytes = 255;
    public const int MaxNameBytes = 1024;

    /// <returns>The fault, to follow the name of the field; <see langword="null"/> for a valid text.</returns>
    public static string? Check(string? text, int maxBytes)
    {
        if (string.IsNullOrEmpty(text))
        {
            return "is empty";
        }

        if (Encoding.UTF8.GetByteCount(text) is var bytes && bytes > maxBytes)
        {
            return $"has {bytes} bytes; the limit is {maxBytes}";
        }

        // Bytes that are not UTF-8 arrive as U+FFFD: two different names would become one.
        return text.Any(char.IsControl) || text.Contains('\uFFFD', StringComparison.Ordinal)
            ? "must be UTF-8 without control characters"
            : null;
    }
}
