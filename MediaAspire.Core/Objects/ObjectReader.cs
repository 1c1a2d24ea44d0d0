using MediaAspire.Core.Files;

namespace MediaAspire.Core.Objects;

/// <summary>Sends any range of an object's version, whether its bytes are one file or those of parts.</summary>
/// <remarks>Safe for concurrent use.</remarks>
public sealed class ObjectReader(FileCatalog files, FileReader reader)
{
    /// <summary>Opens a range for sending. The first bytes are read before this returns, so that a failure can still be answered.</summary>
    /// <param name="located">The version, not a delete marker, and where its bytes are.</param>
    /// <param name="offset">First byte wanted, from 0 to the object's size.</param>
    /// <param name="length">How many bytes are wanted; 0 is legal.</param>
    /// <param name="cancellationToken">Ends this call and the sending.</param>
    /// <exception cref="FileUnavailableException">No copy of the first chunk can be read, or the version's bytes were collected in the meantime.</exception>
    public async Task<ObjectRange> OpenAsync(LocatedObject located, long offset, long length, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(located);
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset + length, located.Version.Size);

        var range = new ObjectRange(Slices(located, offset, length), located.File, files, reader);
        await range.PrimeAsync(cancellationToken);
        return range;
    }

    private static List<FileSlice> Slices(LocatedObject located, long offset, long length)
    {
        if (length == 0)
        {
            return [];
        }

        if (located.Version.File is { } file)
        {
            return [new(file, offset, length)];
        }

        var slices = new List<FileSlice>();
        foreach (var part in located.Parts)
        {
            var from = Math.Max(offset, part.Offset);
            var to = Math.Min(offset + length, part.Offset + part.Size);
            if (from < to)
            {
                slices.Add(new(part.File, from - part.Offset, to - from));
            }
        }

        return slices;
    }
}
