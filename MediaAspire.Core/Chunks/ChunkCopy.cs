using Google.Protobuf;
using MediaAspire.Core.Chunks.Protos;
using MediaAspire.Core.Cluster;
using MediaAspire.Core.Ids;

namespace MediaAspire.Core.Chunks;

/// <summary>
/// One copy of a chunk that is being written: whole so far, sealed, or failed. A failure of the node is kept, not thrown.
/// </summary>
/// <remarks>
/// One thread at a time. After a failure the other steps do nothing. Disposing an unsealed copy leaves nothing on the node.
/// </remarks>
internal sealed class ChunkCopy(ClusterServer server, ChunkNodeClient node) : IDisposable
{
    private CallGuard? _guard;
    private IPutCall? _call;

    public ClusterServer Server => server;

    /// <summary>Gets the failure of this server; <see langword="null"/> until it fails.</summary>
    public ChunkNodeException? Failure { get; private set; }

    /// <summary>Gets a value indicating whether the copy holds every byte sent so far and is not sealed yet.</summary>
    public bool IsWhole => _call is not null && Failure is null && !IsSealed;

    /// <summary>Gets a value indicating whether the server has acknowledged the copy as being on stable storage.</summary>
    public bool IsSealed { get; private set; }

    /// <summary>Opens the copy. Returns when the node has accepted it and reserved its room.</summary>
    /// <param name="chunk">The chunk.</param>
    /// <param name="file">The file that it is a part of.</param>
    /// <param name="expectedSize">The size of the chunk in bytes; <see langword="null"/> when it is unknown.</param>
    /// <param name="cancellationToken">Ends all steps, not only this one.</param>
    public async Task OpenAsync(ChunkId chunk, FileId file, long? expectedSize, CancellationToken cancellationToken)
    {
        await StartAsync(cancellationToken);
        await StepAsync(
            async token =>
            {
                await _call!.OpenAsync(OpenOf(chunk, file, expectedSize), token);
                return true;
            },
            limit: null,
            cancellationToken);
    }

    /// <summary>Sends a run. It must be complete and start where the last one ended. The caller keeps its reference.</summary>
    /// <remarks>Returns when the run is on its way, not when it is on disk.</remarks>
    public Task WriteAsync(BlockRun run, CancellationToken cancellationToken) => StepAsync(
        async token =>
        {
            // The call may encode the run after it has waited for the connection.
            using (run.Retain())
            {
                await _call!.WriteAsync(run, token);
            }

            return true;
        },
        limit: null,
        cancellationToken);

    /// <summary>Seals the copy. Returns when its bytes, footer and directory entry are on stable storage.</summary>
    /// <param name="size">The number of bytes sent. The node refuses to seal another number.</param>
    /// <param name="sha256">Their SHA-256, 32 bytes.</param>
    /// <param name="cancellationToken">Ends the wait; whether the node sealed the copy is then unknown.</param>
    public async Task SealAsync(long size, ReadOnlyMemory<byte> sha256, CancellationToken cancellationToken)
    {
        await StepAsync(
            async token =>
            {
                await _call!.SealAsync(SealOf(size, sha256), token);
                return true;
            },
            node.SealLimit,
            cancellationToken);
        EndSealed();
    }

    /// <summary>Opens, writes and seals a chunk that is one run, without waiting in between. The caller keeps its reference.</summary>
    public async Task StoreAsync(ChunkId chunk, FileId file, BlockRun run, ReadOnlyMemory<byte> sha256, CancellationToken cancellationToken)
    {
        await StartAsync(cancellationToken);
        await StepAsync(
            async token =>
            {
                using (run.Retain())
                {
                    await _call!.StoreAsync(OpenOf(chunk, file, run.Length), run, SealOf(run.Length, sha256), token);
                }

                return true;
            },
            limit: null,
            cancellationToken);
        EndSealed();
    }

    /// <summary>Has the server fetch the chunk from another one and seal it.</summary>
    public async Task PullAsync(ChunkId chunk, ClusterServer source, CancellationToken cancellationToken)
    {
        Failure = (await node.TryCopyAsync(chunk, source.Id, expectedSize: 0, maxBytesPerSecond: 0, cancellationToken)).Failure;
        EndSealed();
    }

    public void Dispose()
    {
        _call?.Dispose();
        _call = null;
        _guard?.Dispose();
        _guard = null;
    }

    private static PutChunkOpen OpenOf(ChunkId chunk, FileId file, long? expectedSize)
    {
        var open = new PutChunkOpen { ChunkId = chunk.ToByteString(), FileId = file.ToByteString() };
        if (expectedSize is { } size)
        {
            open.ExpectedSize = size;
        }

        return open;
    }

    private static PutChunkSeal SealOf(long size, ReadOnlyMemory<byte> sha256) =>
        new() { Size = size, Sha256 = ByteString.CopyFrom(sha256.Span) };

    private async Task StartAsync(CancellationToken cancellationToken)
    {
        _guard = node.Guard(cancellationToken);
        (_call, Failure) = await node.TryStartPutAsync(_guard);
        if (Failure is not null)
        {
            Dispose();
        }
    }

    private async Task StepAsync(Func<CancellationToken, Task<bool>> step, TimeSpan? limit, CancellationToken cancellationToken)
    {
        if (Failure is not null)
        {
            return;
        }

        if (_call is null || _guard is null)
        {
            throw new InvalidOperationException("The copy is not open.");
        }

        Failure = (await _guard.TryAsync(step, limit ?? _guard.Limit, _call, cancellationToken)).Failure;
        if (Failure is not null)
        {
            Dispose();
        }
    }

    /// <summary>Ends a copy whose last step succeeded.</summary>
    /// <remarks>Before the upload ends: the span of the put ends here, and its connection is free for the next chunk.</remarks>
    private void EndSealed()
    {
        if (Failure is null)
        {
            IsSealed = true;
            Dispose();
        }
    }
}
