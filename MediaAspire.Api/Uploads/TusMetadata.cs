using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace MediaAspire.Api.Uploads;

/// <summary>The header <c>Upload-Metadata</c> of tus: pairs of a key and a value in base64.</summary>
/// <example><c>filename d29ybGRfZG9taW5hdGlvbl9wbGFuLnBkZg==,is_confidential</c></example>
internal static class TusMetadata
{
    public const string Rule = "pairs of a unique key and base64, separated by commas, such as filename YS50eHQ=";

    private static readonly UTF8Encoding s_utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads the header. Values that are not UTF-8 are left out: only their sender knows their meaning.</summary>
    /// <returns><see langword="false"/> when a key is missing or repeated, or a value is not base64.</returns>
    public static bool TryRead(string? header, [NotNullWhen(true)] out IReadOnlyDictionary<string, string>? values)
    {
        values = null;
        var read = new Dictionary<string, string>(StringComparer.Ordinal);
        var keys = new HashSet<string>(StringComparer.Ordinal);
        if (string.IsNullOrWhiteSpace(header))
        {
            values = read;
            return true;
        }

        foreach (var pair in header.Split(','))
        {
            var parts = pair.Trim(' ').Split(' ');
            if (parts.Length > 2 || parts[0].Length == 0 || !parts[0].All(char.IsAscii) || !keys.Add(parts[0]))
            {
                return false;
            }

            if (!TryDecode(parts is [_, var base64] ? base64 : "", out var value))
            {
                return false;
            }

            if (value is not null)
            {
                read[parts[0]] = value;
            }
        }

        values = read;
        return true;
    }

    private static bool TryDecode(string base64, out string? value)
    {
        value = null;
        var bytes = new byte[base64.Length];
        if (!Convert.TryFromBase64String(base64, bytes, out var length))
        {
            return false;
        }

        try
        {
            value = s_utf8.GetString(bytes, 0, length);
        }
        catch (DecoderFallbackException)
        {
            // Legal: "metadata can contain arbitrary binary values".
        }

        return true;
    }
}
