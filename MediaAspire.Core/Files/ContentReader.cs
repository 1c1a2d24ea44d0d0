namespace MediaAspire.Core.Files;

/// <summary>Sends any range of content that consists of one file or several.</summary>
/// <remarks>Safe for concurrent use. Each file is opened when the one before it is sent.</remarks>
public sealed class ContentReader(FileCatalog files, FileReader reader)
{
    /// <summary>Opens a range for sending. The first bytes are read before this returns, so that a failure can still be answered.</summary>
    /// <param name="content">The content.</param>
    /// <param name="offset">First byte wanted, from 0 to the content's size.</param>
    /// <param name="length">Number of bytes wanted; 0 is legal.</param>
    /// <param name="cancellationToken">Ends this call and the sending.</param>
    /// <exception cref="FileUnavailableException">
    /// No copy of the first chunk can be read, or a file's bytes were collected in the meantime.
    /// </exception>
    public async Task<ContentRange> OpenAsync(ComposedContent content, long offset, long length, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(content);
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset + length, content.Size);

        var range = new ContentRange(Slices(content, offset, length), files, reader);
        await range.PrimeAsync(cancellationToken);
        return range;
    }

    private static Queue<FileSlice> Slices(ComposedContent content, long offset, long length)
    {
        var slices = new Queue<FileSlice>();
        foreach (var part in content.Parts)
        {
            var from = Math.Max(offset, part.Offset);
            var to = Math.Min(offset + length, part.Offset + part.Size);
            if (from < to)
            {
                slices.Enqueue(new(part.File, from - part.Offset, to - from, part.Stored));
            }
        }

        return slices;
    }
}
