using MediaAspire.Core.Chunks;
using MediaAspire.Core.Cluster;
using MediaAspire.Core.Ids;

namespace MediaAspire.Tests.Harness;

/// <summary>Copies of chunks on one node, for tests that expect success or an exception.</summary>
internal static class Puts
{
    /// <summary>Opens a copy on a node.</summary>
    /// <exception cref="ChunkNodeException">The node failed.</exception>
    public static async Task<ChunkCopy> BeginPutAsync(
        this ChunkNodeClient node, ChunkId chunk, FileId file, long? expectedSize, CancellationToken cancellationToken)
    {
        var copy = CopyOn(node);
        try
        {
            await copy.OpenAsync(chunk, file, expectedSize, cancellationToken);
            copy.ThrowIfFailed();
            return copy;
        }
        catch
        {
            copy.Dispose();
            throw;
        }
    }

    /// <summary>Stores a chunk that is one run on a node.</summary>
    /// <exception cref="ChunkNodeException">The node failed.</exception>
    public static async Task PutAsync(
        this ChunkNodeClient node, ChunkId chunk, FileId file, BlockRun run, ReadOnlyMemory<byte> sha256,
        CancellationToken cancellationToken)
    {
        using var copy = CopyOn(node);
        await copy.StoreAsync(chunk, file, run, sha256, cancellationToken);
        copy.ThrowIfFailed();
    }

    /// <summary>Writes a run.</summary>
    /// <exception cref="ChunkNodeException">The node failed.</exception>
    public static async Task WriteOrThrowAsync(this ChunkCopy copy, BlockRun run, CancellationToken cancellationToken)
    {
        await copy.WriteAsync(run, cancellationToken);
        copy.ThrowIfFailed();
    }

    /// <summary>Seals a copy.</summary>
    /// <exception cref="ChunkNodeException">The node failed.</exception>
    public static async Task SealOrThrowAsync(
        this ChunkCopy copy, long size, ReadOnlyMemory<byte> sha256, CancellationToken cancellationToken)
    {
        await copy.SealAsync(size, sha256, cancellationToken);
        copy.ThrowIfFailed();
        Assert.True(copy.IsSealed);
    }

    private static ChunkCopy CopyOn(ChunkNodeClient node) =>
        new(new ClusterServer(ServerId.New(TimeProvider.System), "node", node.Address, ServerStatus.Online, 0, 0, 0), node);

    private static void ThrowIfFailed(this ChunkCopy copy)
    {
        if (copy.Failure is { } failure)
        {
            throw failure;
        }
    }
}
