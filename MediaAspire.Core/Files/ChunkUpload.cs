using MediaAspire.Core.Checksums;
using MediaAspire.Core.Chunks;
using MediaAspire.Core.Cluster;
using MediaAspire.Core.Ids;

namespace MediaAspire.Core.Files;

/// <summary>One chunk of a file that is being uploaded: its writer and its seal.</summary>
internal sealed class ChunkUpload(ChunkPlacement placement, int number, long offset, ChunkWriter writer) : IAsyncDisposable
{
    private Task<WrittenChunk>? _sealing;

    public ChunkId Id => placement.Chunk;

    public int Number => number;

    /// <summary>Gets the position of the chunk's first byte in the file.</summary>
    public long Offset => offset;

    /// <summary>Gets the number of bytes in the chunk so far.</summary>
    public long Size { get; private set; }

    /// <summary>Gets every server that may hold bytes of this chunk.</summary>
    public IReadOnlyCollection<ClusterServer> ServersTried => placement.Taken;

    /// <summary>Gets the chunk with the servers of the plan, which are recorded before the first byte.</summary>
    public PlannedChunk Planned => new(Id, number, offset, placement.Planned);

    /// <summary>Counts the bytes of a run.</summary>
    public void Advance(int bytes) => Size += bytes;

    public Task WriteAsync(BlockRun run, CancellationToken cancellationToken) => writer.WriteAsync(run, cancellationToken);

    /// <summary>Starts the seal of the chunk; <see cref="SealedAsync"/> waits for it.</summary>
    /// <param name="sha256">The SHA-256 of all bytes written.</param>
    /// <param name="cancellationToken">Ends the sealing.</param>
    public void BeginSeal(Sha256Digest sha256, CancellationToken cancellationToken) => _sealing = SealAsync(sha256, cancellationToken);

    /// <summary>Starts to store a chunk that is one run; <see cref="SealedAsync"/> waits for it. The caller keeps its reference.</summary>
    public void BeginStore(BlockRun run, Sha256Digest sha256, CancellationToken cancellationToken)
    {
        Size = run.Length;
        _sealing = StoreAsync(run.Retain(), sha256, cancellationToken);
    }

    /// <summary>Waits until every copy is on stable storage.</summary>
    public Task<WrittenChunk> SealedAsync() => _sealing ?? throw new InvalidOperationException("The chunk is still being written.");

    public async ValueTask DisposeAsync()
    {
        if (_sealing is not null)
        {
            // The caller that awaits the seal observes its failure. The seal only has to end before the writer is disposed.
            await ((Task)_sealing).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        writer.Dispose();
    }

    private async Task<WrittenChunk> StoreAsync(BlockRun run, Sha256Digest sha256, CancellationToken cancellationToken)
    {
        using (run)
        {
            return new(Id, Size, sha256, await writer.StoreAsync(run, sha256, cancellationToken));
        }
    }

    private async Task<WrittenChunk> SealAsync(Sha256Digest sha256, CancellationToken cancellationToken) =>
        new(Id, Size, sha256, await writer.SealAsync(Size, sha256, cancellationToken));
}
