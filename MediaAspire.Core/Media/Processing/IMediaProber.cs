using MediaAspire.Core.ContentTypes;
using MediaAspire.Core.Imaging;

namespace MediaAspire.Core.Media.Processing;

/// <summary>Reads properties out of the content of items, such as dimensions. Thread-safe.</summary>
public interface IMediaProber
{
    /// <summary>Probes an item, whose content is hostile.</summary>
    /// <param name="item">The item; all of its parts are stored.</param>
    /// <param name="types">The type of each part by its number, as its first bytes tell it; parts of unknown types are missing.</param>
    /// <param name="cancellationToken">Ends the call when the attempt takes too long.</param>
    /// <remarks>An exception fails the attempt; processing tries again.</remarks>
    Task<ProbedMedia> ProbeAsync(MediaItem item, IReadOnlyDictionary<int, DetectedType> types, CancellationToken cancellationToken);
}

/// <summary>The properties of an item's content; <see langword="null"/> for those that are unknown.</summary>
public sealed record ProbedMedia
{
    public static ProbedMedia Nothing { get; } = new();

    /// <summary>Gets the width and the height, in pixels.</summary>
    public (int Width, int Height)? Dimensions { get; init; }

    /// <summary>Gets the playing time.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>Gets what was found in parts, by their numbers; parts that are neither pictures nor videos are missing.</summary>
    public IReadOnlyDictionary<int, ProbedPart> Parts { get; init; } = new Dictionary<int, ProbedPart>();
}

/// <summary>The properties of a part, or the reason why they are unknown.</summary>
/// <param name="Details">The properties; <see langword="null"/> when the content could not be read.</param>
/// <param name="Failure">The reason why it could not.</param>
public sealed record ProbedPart(ImageDetails? Details, ImageFailure? Failure);

/// <summary>Finds nothing: items are ready when their hashes and types are known.</summary>
public sealed class GenericMediaProber : IMediaProber
{
    public Task<ProbedMedia> ProbeAsync(
        MediaItem item, IReadOnlyDictionary<int, DetectedType> types, CancellationToken cancellationToken) =>
        Task.FromResult(ProbedMedia.Nothing);
}
