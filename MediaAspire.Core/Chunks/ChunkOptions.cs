using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace MediaAspire.Core.Chunks;

/// <summary>Settings of the cutting of files into chunks, and of the transfer of chunks. Bound from the <c>Chunks</c> section.</summary>
public sealed class ChunkOptions
{
    public const string SectionName = "Chunks";

    /// <summary>Gets or sets the number of chunks of a file whose length is known.</summary>
    /// <value>The default is 6.</value>
    [Range(1, 1024)]
    public int Count { get; set; } = 6;

    /// <summary>
    /// Gets or sets the minimum size of a chunk in bytes. A small file is cut into fewer chunks than <see cref="Count"/>; 0 for no minimum.
    /// </summary>
    /// <value>The default is 64 KiB.</value>
    [Range(0, int.MaxValue)]
    public long MinSize { get; set; } = 64 * 1024;

    /// <summary>Gets or sets the number of copies of every chunk, each on another server.</summary>
    /// <value>The default is 2.</value>
    [Range(1, 16)]
    public int Copies { get; set; } = 2;

    /// <summary>Gets or sets the size of the chunks of a file whose length is unknown, in bytes.</summary>
    /// <value>The default is 64 MiB.</value>
    [Range(BlockFormat.BlockSize, int.MaxValue)]
    public long StreamSize { get; set; } = 64L * 1024 * 1024;

    /// <summary>Gets or sets the memory for cached chunks, in bytes; 0 for no cache.</summary>
    /// <value>The default is 64 MiB.</value>
    [Range(0L, 64L * 1024 * 1024 * 1024)]
    public long CacheBytes { get; set; } = 64L * 1024 * 1024;

    /// <summary>
    /// Gets or sets a value indicating whether files are accepted while fewer servers than <see cref="Copies"/> are available.
    /// </summary>
    /// <value>The default is false.</value>
    public bool AllowDegraded { get; set; }

    /// <summary>
    /// Gets or sets a value indicating whether chunks are put over transfer connections to nodes that support them and are not called by
    /// https. With <see cref="Cluster.ClusterOptions.Tls"/>, all nodes are.
    /// </summary>
    /// <value>The default is true. False for gRPC only, for example behind a proxy.</value>
    public bool DirectTransfers { get; set; } = true;

    /// <summary>Gets or sets the time limit of one step of a transfer: to accept a chunk, to receive or to send a run.</summary>
    /// <value>The default is 10 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00")]
    public TimeSpan IdleTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Gets or sets the time limit of a connection attempt.</summary>
    /// <value>The default is 2 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Gets or sets the time limit of a step over a whole chunk: to seal, verify or copy it.</summary>
    /// <value>The default is 2 minutes.</value>
    /// <remarks>
    /// A node that hangs or dies is detected sooner: a working node sends a sign of progress every second, or answers a connection's pings.
    /// </remarks>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan WholeChunkTimeout { get; set; } = TimeSpan.FromMinutes(2);
}

[OptionsValidator]
internal sealed partial class ChunkOptionsValidator : IValidateOptions<ChunkOptions>;
