using MediaAspire.Core.Imaging;

namespace MediaAspire.Worker.Imaging.Protocol;

/// <summary>The first message of a process: what it can do. docs/formats/image-process.md.</summary>
/// <param name="Version">The version of libvips; empty if it was not found.</param>
/// <param name="Reads">The formats that the process reads.</param>
/// <param name="Writes">The formats that it writes.</param>
internal sealed record ProcessHello(string Version, IReadOnlyList<ImageFormat> Reads, IReadOnlyList<ImageFormat> Writes)
{
    /// <summary>Gets the message of a process without libvips.</summary>
    public static ProcessHello None { get; } = new("", [], []);

    /// <summary>Gets a value indicating whether the process can read files besides its own and those of the system's software.</summary>
    public bool HasFiles { get; init; }

    /// <summary>Gets a value indicating whether the process can open a socket.</summary>
    public bool HasNetwork { get; init; }
}

/// <summary>One piece of work.</summary>
/// <param name="Source">The path of the file to read.</param>
/// <param name="Format">Its format, by the content.</param>
/// <param name="Limits">The limits, which the process checks by the header.</param>
internal sealed record ProcessRequest(string Source, ImageFormat Format, ImageLimits Limits)
{
    /// <summary>Gets the path of the file to write; <see langword="null"/> to describe the source only.</summary>
    public string? Destination { get; init; }

    /// <summary>Gets what to write.</summary>
    public ImageRequest? Variant { get; init; }
}

/// <summary>The result of a request: exactly one of the three is set.</summary>
internal sealed record ProcessResponse
{
    public ImageDetails? Details { get; init; }

    /// <summary>Gets what is wrong with the content.</summary>
    public ImageFailure? Failure { get; init; }

    /// <summary>Gets what is wrong with the machine or the program, for the log.</summary>
    public string? Fault { get; init; }

    /// <summary>Gets a value indicating whether the fault is a library that lacks a format.</summary>
    public bool IsToolMissing { get; init; }
}
