using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace MediaAspire.Storage;

/// <summary>Settings of a chunk node. Bound from the <c>Storage</c> section.</summary>
public sealed class StorageOptions
{
    public const string SectionName = "Storage";

    /// <summary>Gets or sets the node's display name. Its identity is stored on its disk.</summary>
    /// <value>The default is the machine's name.</value>
    [Required]
    public string Name { get; set; } = Environment.MachineName;

    /// <summary>Gets or sets the directory of the node: chunks, identity and lock. Created when it is missing.</summary>
    [Required]
    public string DataDirectory { get; set; } = "";

    /// <summary>
    /// Gets or sets a value indicating whether a node in Production accepts a data directory that is lost with its container: one on the
    /// container's own file system, or in memory.
    /// </summary>
    /// <value>The default is <see langword="false"/>: the node refuses to start.</value>
    public bool AllowEphemeralData { get; set; }

    /// <summary>
    /// Gets or sets the address at which other processes reach the node, when it differs from the one that the node listens on.
    /// </summary>
    /// <value>An absolute URI. By default, the address is derived from those that the node listens on.</value>
    public Uri? AdvertisedAddress { get; set; }

    /// <summary>Gets or sets the disk space that chunks must leave free, in bytes.</summary>
    /// <value>The default is 1 GiB.</value>
    [Range(0, long.MaxValue)]
    public long ReserveSpaceBytes { get; set; } = 1024L * 1024 * 1024;

    /// <summary>Gets or sets the maximum size of all chunk files in bytes, for a node that shares its disk.</summary>
    /// <value>By default, the limit is the disk without its reserve.</value>
    [Range(1, long.MaxValue)]
    public long? CapacityBytes { get; set; }

    /// <summary>
    /// Gets or sets the time for which the chunks that a sweep took stay in the node's trash. It passes only while the node runs.
    /// </summary>
    /// <value>The default is 7 days; 0 deletes them at once.</value>
    [Range(typeof(TimeSpan), "00:00:00", "365.00:00:00")]
    public TimeSpan TrashRetention { get; set; } = TimeSpan.FromDays(7);

    /// <summary>
    /// Gets or sets a value indicating whether the oldest chunks in the trash are deleted before a new one is refused for lack of space.
    /// </summary>
    /// <value>The default is <see langword="true"/>.</value>
    public bool TrashYields { get; set; } = true;

    /// <summary>Gets or sets the number of chunk files that stay open between reads.</summary>
    /// <value>The default is 256.</value>
    [Range(1, 100_000)]
    public int OpenChunks { get; set; } = 256;
}

[OptionsValidator]
internal sealed partial class StorageOptionsValidator : IValidateOptions<StorageOptions>;
