using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace MediaAspire.Storage;

/// <summary>One chunk node.</summary>
public sealed class StorageOptions
{
    public const string SectionName = "Storage";

    /// <summary>The node's name for people; its identity lies on its disk.</summary>
    /// <value>The default is the machine's name.</value>
    [Required]
    public string Name { get; set; } = Environment.MachineName;

    /// <summary>The directory that the node owns: chunks, identity and lock. Made when missing.</summary>
    [Required]
    public string DataDirectory { get; set; } = "";

    /// <summary>
    /// Gets or sets a value indicating whether a node in Production accepts a data directory that is lost with its container: one on the
    /// container's own file system, or in memory.
    /// </summary>
    /// <value>The default is <see langword="false"/>: the node refuses to start.</value>
    public bool AllowEphemeralData { get; set; }

    /// <summary>The address that others reach the node at, when it is not the one that the node listens on.</summary>
    /// <value>The default is none.</value>
    public Uri? AdvertisedAddress { get; set; }

    /// <summary>Free bytes of the disk that chunks may not take.</summary>
    /// <value>The default is 1 GiB.</value>
    [Range(0, long.MaxValue)]
    public long ReserveSpaceBytes { get; set; } = 1024L * 1024 * 1024;

    /// <summary>Most bytes that chunk files may take together, for a node that shares its disk.</summary>
    /// <value>The default is none: the disk above its reserve is the limit.</value>
    [Range(1, long.MaxValue)]
    public long? CapacityBytes { get; set; }

    /// <summary>Chunk files that stay open between reads.</summary>
    /// <value>The default is 256.</value>
    [Range(1, 100_000)]
    public int OpenChunks { get; set; } = 256;
}

[OptionsValidator]
internal sealed partial class StorageOptionsValidator : IValidateOptions<StorageOptions>;
