using System.Globalization;
using MediaAspire.Api.Http;
using MediaAspire.Api.S3.Protocol;

namespace MediaAspire.Api.S3.Multipart;

/// <summary>
/// Reads <c>x-amz-copy-source-range</c>, which is stricter than the range of a download: it has a first and a last byte within the object.
/// </summary>
internal static class CopySourceRange
{
    private const string Header = "x-amz-copy-source-range";
    private const string Unit = "bytes=";

    /// <exception cref="S3Exception">The range is malformed, or exceeds the object.</exception>
    public static ByteRange Read(string? header, long size)
    {
        if (header is null)
        {
            return new(0, size);
        }

        var dash = header.IndexOf('-', StringComparison.Ordinal);
        if (!header.StartsWith(Unit, StringComparison.Ordinal)
            || dash < 0
            || !long.TryParse(header[Unit.Length..dash], NumberStyles.None, CultureInfo.InvariantCulture, out var first)
            || !long.TryParse(header[(dash + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var last)
            || first > last)
        {
            throw S3Errors.InvalidArgument(
                Header,
                header,
                "The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are "
                + "the zero-based offsets of the first and last bytes to copy")
                .ToException();
        }

        return last < size
            ? new(first, last - first + 1)
            : throw new S3Error("InvalidRange", 416, $"Range specified is not valid for source object of size: {size}").ToException();
    }
}
