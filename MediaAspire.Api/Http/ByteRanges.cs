using Microsoft.Net.Http.Headers;

namespace MediaAspire.Api.Http;

/// <param name="Offset">The first byte, from the start of the content.</param>
/// <param name="Length">Length in bytes, at least 1.</param>
internal readonly record struct ByteRange(long Offset, long Length)
{
    /// <summary>Writes the value of <c>Content-Range</c>.</summary>
    public string ToContentRange(long size) =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"bytes {Offset}-{Offset + Length - 1}/{size}");
}

/// <summary>Range requests by RFC 9110, section 14.</summary>
internal static class ByteRanges
{
    /// <summary>Selects the ranges of a content that a <c>Range</c> header requests.</summary>
    /// <returns>
    /// <see langword="null"/> to send the whole content: the header is missing, malformed, in another unit or requests too many ranges, all
    /// of which a server may ignore. Empty when no range lies within the content.
    /// </returns>
    public static IReadOnlyList<ByteRange>? Select(string? header, long size, int maxRanges)
    {
        if (string.IsNullOrEmpty(header)
            || !RangeHeaderValue.TryParse(header, out var parsed)
            || !parsed.Unit.Equals("bytes", StringComparison.OrdinalIgnoreCase)
            || parsed.Ranges.Count > maxRanges)
        {
            return null;
        }

        var ranges = new List<ByteRange>(parsed.Ranges.Count);
        foreach (var item in parsed.Ranges)
        {
            // "bytes=-n" requests the last n bytes; a larger n than the size means all of them, and 0 is unsatisfiable.
            var from = item.From ?? Math.Max(0, size - item.To!.Value);
            var to = item.From is null ? size - 1 : Math.Min(item.To ?? size - 1, size - 1);
            if (from <= to)
            {
                ranges.Add(new(from, to - from + 1));
            }
        }

        return ranges;
    }
}
