using MediaAspire.Core.Files;

namespace MediaAspire.Core.Objects;

/// <summary>Sends any range of an object's version, whether its bytes are one file or those of parts.</summary>
/// <remarks>Safe for concurrent use.</remarks>
public sealed class ObjectReader(ContentReader content)
{
    /// <summary>Opens a range for sending. The first bytes are read before this returns, so that a failure can still be answered.</summary>
    /// <param name="located">The version, not a delete marker, and the location of its bytes.</param>
    /// <param name="offset">First byte wanted, from 0 to the object's size.</param>
    /// <param name="length">Number of bytes wanted; 0 is legal.</param>
    /// <param name="cancellationToken">Ends this call and the sending.</param>
    /// <exception cref="FileUnavailableException">
    /// No copy of the first chunk can be read, or the version's bytes were collected in the meantime.
    /// </exception>
    public Task<ContentRange> OpenAsync(LocatedObject located, long offset, long length, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(located);

        return content.OpenAsync(ContentOf(located), offset, length, cancellationToken);
    }

    private static ComposedContent ContentOf(LocatedObject located) => new(
        located.Version.Size,
        located.Version.File is { } file
            ? [new(file, 0, located.Version.Size, located.File)]
            : [.. located.Parts.Select(part => new ContentPart(part.File, part.Offset, part.Size))]);
}
