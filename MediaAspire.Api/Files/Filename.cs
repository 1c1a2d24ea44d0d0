using System.Text;

namespace MediaAspire.Api.Files;

/// <summary>Checks filenames. They are only displayed here, but the user who saves the file uses them as paths.</summary>
internal static class Filename
{
    /// <returns>The fault of the name; <see langword="null"/> for a valid name.</returns>
    public static string? Check(string? filename, int maxBytes)
    {
        if (string.IsNullOrWhiteSpace(filename))
        {
            return "A filename is required.";
        }

        if (Encoding.UTF8.GetByteCount(filename) is var bytes && bytes > maxBytes)
        {
            return $"The filename has {bytes} bytes; the limit is {maxBytes}.";
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
