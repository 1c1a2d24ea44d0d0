using System.Text;

namespace MediaAspire.Api.NamedFiles;

/// <summary>What a client id and a name may be: any text that is not empty, not too long, and without control characters.</summary>
internal static class FileNames
{
    public const int MaxClientIdBytes = 255;
    public const int MaxNameBytes = 1024;

    /// <returns>What is wrong, to follow the field's name; null when it is fine.</returns>
    public static string? Check(string? text, int maxBytes)
    {
        if (string.IsNullOrEmpty(text))
        {
            return "is empty";
        }

        if (Encoding.UTF8.GetByteCount(text) is var bytes && bytes > maxBytes)
        {
            return $"has {bytes} bytes; at most {maxBytes} are accepted";
        }

        // Bytes that are not UTF-8 arrive as U+FFFD: two different names would become one.
        return text.Any(char.IsControl) || text.Contains('\uFFFD', StringComparison.Ordinal)
            ? "must be UTF-8 without control characters"
            : null;
    }
}
