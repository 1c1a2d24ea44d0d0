namespace MediaAspire.Core.Imaging;

/// <summary>Reads and transforms pictures, animations and videos, whose bytes are hostile, in bounded processes. Thread-safe.</summary>
/// <remarks>
/// What is wrong with the content is an <see cref="ImageOutcome{T}"/>; an exception says that the work could not be tried, for example
/// because a program is missing, and the caller may try again.
/// </remarks>
public interface IImageProcessor
{
    /// <summary>Detects the format by the content, checks the limits, and describes the content.</summary>
    /// <param name="path">A file that nobody changes meanwhile.</param>
    /// <param name="limits">The limits.</param>
    /// <param name="cancellationToken">Ends the call, and the process that does the work.</param>
    Task<ImageOutcome<ImageDetails>> ProbeAsync(string path, ImageLimits limits, CancellationToken cancellationToken);

    /// <summary>Makes a variant: the orientation of the file is applied, then the steps, and metadata are left out.</summary>
    /// <param name="source">A file that nobody changes meanwhile.</param>
    /// <param name="destination">The file to write, which does not exist. After a failure it may exist in part.</param>
    /// <param name="request">What to make.</param>
    /// <param name="limits">The limits of the source.</param>
    /// <param name="cancellationToken">Ends the call, and the process that does the work.</param>
    /// <returns>The details of what was made, without hashes of its look.</returns>
    Task<ImageOutcome<ImageDetails>> TransformAsync(
        string source, string destination, ImageRequest request, ImageLimits limits, CancellationToken cancellationToken);
}

/// <summary>A variant to make.</summary>
/// <param name="Steps">The operations, in order; none converts the format only.</param>
/// <param name="Format">The format to write. A video as a picture is its poster frame; an animation as one is its first frame.</param>
public sealed record ImageRequest(IReadOnlyList<ImageStep> Steps, ImageFormat Format)
{
    /// <summary>Gets the quality, 1 to 100; <see langword="null"/> for the default of the format.</summary>
    public int? Quality { get; init; }

    /// <summary>Gets a value indicating whether the lowest quality is taken that looks the same.</summary>
    public bool HasAutomaticQuality { get; init; }

    /// <summary>Gets a value indicating whether an animation becomes one picture even where the format is one of animations.</summary>
    public bool TakesOneFrame { get; init; }

    /// <summary>Gets the place of the poster frame in a video; <see langword="null"/> for one that the processor takes.</summary>
    public TimeSpan? At { get; init; }
}

/// <summary>The result of work on content.</summary>
/// <param name="Value">The result; <see langword="null"/> after a failure.</param>
/// <param name="Failure">What is wrong with the content; <see langword="null"/> after a success.</param>
public readonly record struct ImageOutcome<T>(T? Value, ImageFailure? Failure)
    where T : class;

/// <summary>A defect of content, or a limit that it exceeds.</summary>
/// <param name="Code">A stable name, such as <c>validate-width</c>, <c>media-disallowed</c> or <c>image-unreadable</c>.</param>
/// <param name="Message">A sentence for people, without paths of this machine.</param>
public sealed record ImageFailure(string Code, string Message);
