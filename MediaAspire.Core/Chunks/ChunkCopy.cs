using MediaAspire.Core.Checksums;
using MediaAspire.Core.Cluster;
using MediaAspire.Core.Ids;

namespace MediaAspire.Core.Chunks;

/// <summary>One copy of a chunk that is being written: whole so far, sealed, or failed. Failures are kept, not thrown.</summary>
internal sealed class ChunkCopy(ClusterServer server, ChunkNodeClient node) : IDisposable
{
    private ChunkPut? _put;

    public ClusterServer Server => server;

    /// <summary>Gets what went wrong on this server; <see langword="null"/> while nothing has.</summary>
    public ChunkNodeException? Failure { get; private set; }

    /// <summary>Gets whether the copy holds every byte sent so far and is not sealed yet.</summary>
    public bool IsWhole => _put is not null && Failure is null && !IsSealed;

    /// <summary>Gets whether the server has acknowledged the copy as being on stable storage.</summary>
    public bool IsSealed { get; private set; }

    public Task OpenAsync(ChunkPlacement placement, BlockRun firstRun, CancellationToken cancellationToken) => TryAsync(async () =>
    {
        _put = await node.BeginPutAsync(placement.Chunk, placement.File, placement.ExpectedSize, cancellationToken);
        await _put.WriteAsync(firstRun, cancellationToken);
    });

    public Task WriteAsync(BlockRun run, CancellationToken cancellationToken) => TryAsync(() => _put!.WriteAsync(run, cancellationToken));

    public Task SealAsync(long size, Sha256Digest sha256, CancellationToken cancellationToken) => TryAsync(async () =>
    {
        await _put!.SealAsync(size, sha256.Bytes, cancellationToken);
        IsSealed = true;

        // Not as late as the upload: the put's span ends here, and its connection is free for the next chunk.
        Dispose();
    });

    public Task StoreAsync(ChunkPlacement placement, BlockRun run, Sha256Digest sha256, CancellationToken cancellationToken) => TryAsync(async () =>
    {
        await node.PutAsync(placement.Chunk, placement.File, run, sha256.Bytes, cancellationToken);
        IsSealed = true;
    });

    public Task PullAsync(ChunkId chunk, ClusterServer source, CancellationToken cancellationToken) => TryAsync(async () =>
    {
        await node.CopyAsync(chunk, source.Address, cancellationToken);
        IsSealed = true;
    });

    public void Dispose()
    {
        _put?.Dispose();
        _put = null;
    }

    private async Task TryAsync(Func<Task> step)
    {
        try
        {
            await step();
        }
        catch (ChunkNodeException failure)
        {
            Failure = failure;
            Dispose();
        }
    }
}
