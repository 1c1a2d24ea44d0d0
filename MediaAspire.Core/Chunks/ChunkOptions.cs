using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace MediaAspire.Core.Chunks;

/// <summary>How files are cut into chunks, and how chunks travel to and from the nodes.</summary>
public sealed class ChunkOptions
{
    public const string SectionName = "Chunks";

    /// <summary>Chunks of a file whose length is known.</summary>
    /// <value>The default is 6.</value>
    [Range(1, 1024)]
    public int Count { get; set; } = 6;

    /// <summary>Least bytes of a chunk: a small file is cut into fewer than <see cref="Count"/>; 0 means always that many.</summary>
    /// <value>The default is 64 KiB.</value>
    [Range(0, int.MaxValue)]
    public long MinSize { get; set; } = 64 * 1024;

    /// <summary>Copies of every chunk, each on another server.</summary>
    /// <value>The default is 2.</value>
    [Range(1, 16)]
    public int Copies { get; set; } = 2;

    /// <summary>Bytes after which a file of unknown length is cut.</summary>
    /// <value>The default is 64 MiB.</value>
    [Range(BlockFormat.BlockSize, int.MaxValue)]
    public long StreamSize { get; set; } = 64L * 1024 * 1024;

    /// <summary>Most memory for chunks that are read again and again, in bytes; 0 for none.</summary>
    /// <value>The default is 64 MiB.</value>
    [Range(0L, 64L * 1024 * 1024 * 1024)]
    public long CacheBytes { get; set; } = 64L * 1024 * 1024;

    /// <summary>Whether files are taken while there are fewer servers than <see cref="Copies"/>.</summary>
    /// <value>The default is false.</value>
    public bool AllowDegraded { get; set; }

    /// <summary>Whether chunks are put over connections without HTTP around them, to nodes that take such and are not called by https.</summary>
    /// <value>The default is true; false for gRPC only, for example where a proxy stands between.</value>
    public bool DirectTransfers { get; set; } = true;

    /// <summary>Longest wait for a node at one step of a transfer: to accept a chunk, to take or to send a run.</summary>
    /// <value>The default is 10 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00")]
    public TimeSpan IdleTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Longest wait for a connection.</summary>
    /// <value>The default is 2 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Longest wait for a node to work through a whole chunk: to seal, verify or copy it.</summary>
    /// <value>The default is 2 minutes.</value>
    /// <remarks>A node that hangs or dies is found sooner: it says every second that it is at work, or answers a connection's pings.</remarks>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan WholeChunkTimeout { get; set; } = TimeSpan.FromMinutes(2);
}

[OptionsValidator]
internal sealed partial class ChunkOptionsValidator : IValidateOptions<ChunkOptions>;
