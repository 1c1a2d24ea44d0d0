using System.Text;

namespace MediaAspire.Api.Files;

/// <summary>What a filename may be. It is only ever shown, but whoever saves the file will use it as a path.</summary>
internal static class Filename
{
    /// <returns>Why the name is refused; <see langword="null"/> when it is fine.</returns>
    public static string? Check(string? filename, int maxBytes)
    {
        if (string.IsNullOrWhiteSpace(filename))
        {
            return "A filename is needed.";
        }

        if (Encoding.UTF8.GetByteCount(filename) is var bytes && bytes > maxBytes)
        {
            return $"The filename has {bytes} bytes; at most {maxBytes} are accepted.";
        }

        if (filename is "." or ".." || filename.AsSpan().ContainsAny('/', '\\'))
        {
            return "A filename must not contain a path: no \"/\", no \"\\\", and not \".\" or \"..\".";
        }

        return filename.Any(char.IsControl) || filename.Contains('\uFFFD', StringComparison.Ordinal)
            ? "A filename must be UTF-8 without control characters."
            : null;
    }
}
