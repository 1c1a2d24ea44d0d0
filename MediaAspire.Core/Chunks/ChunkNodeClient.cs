using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Grpc.Core;
using Grpc.Health.V1;
using MediaAspire.Core.Checksums;
using MediaAspire.Core.Chunks.Protos;
using MediaAspire.Core.Ids;

namespace MediaAspire.Core.Chunks;

/// <summary>A client of one chunk node.</summary>
/// <remarks>
/// Thread-safe. Every method throws <see cref="ChunkNodeException"/> when the node fails and
/// <see cref="OperationCanceledException"/> when the caller cancels.
/// </remarks>
public sealed partial class ChunkNodeClient
{
    // A node that copies without a limit counts as hanging below this rate, in bytes per second.
    private const long LeastCopyRate = 8 * 1024 * 1024;

    private readonly CallInvoker _invoker;
    private readonly IPutTransport _transport;
    private readonly ChunkOptions _options;
    private readonly TimeProvider _time;

    internal ChunkNodeClient(Uri address, CallInvoker invoker, IPutTransport transport, ChunkOptions options, TimeProvider time)
    {
        Address = address;
        _invoker = invoker;
        _transport = transport;
        _options = options;
        _time = time;
    }

    public Uri Address { get; }

    /// <summary>Gets the longest time that the node may take to seal a chunk.</summary>
    internal TimeSpan SealLimit => _options.WholeChunkTimeout;

    /// <summary>Reads the whole blocks that cover a range which lies within the chunk, in order and without a gap.</summary>
    /// <returns>Runs whose checksums have been verified; the consumer owns each of them.</returns>
    /// <param name="chunk">The chunk.</param>
    /// <param name="offset">The first byte wanted.</param>
    /// <param name="length">The number of bytes wanted, at least 1.</param>
    /// <param name="cancellationToken">Ends the transfer.</param>
    public async IAsyncEnumerable<BlockRun> GetAsync(
        ChunkId chunk, long offset, long length, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var guard = Guard(cancellationToken);
        var request = new GetChunkRequest { ChunkId = chunk.ToByteString(), Offset = offset, Length = length };
        using var call = _invoker.AsyncServerStreamingCall(
            ChunkStoreMethods.GetChunk, null, new CallOptions(cancellationToken: guard.Token), request);

        var next = BlockFormat.BlockStart(offset);
        var end = offset + length;
        while ((await guard.TryAsync(call.ResponseStream.MoveNext)).GetOrThrow())
        {
            var run = call.ResponseStream.Current;
            if (Inspect(run, next, end) is { } flaw)
            {
                run.Dispose();
                throw new ChunkNodeException(ChunkNodeError.Corrupt, Address, $"{flaw} of chunk {chunk}");
            }

            next += run.Length;
            yield return run;
        }

        if (next < end)
        {
            throw new ChunkNodeException(ChunkNodeError.Corrupt, Address, $"the bytes of chunk {chunk} ended at {next}, before {end}");
        }
    }

    /// <summary>Describes a chunk.</summary>
    /// <returns>The description; <see langword="null"/> when the node does not have the chunk.</returns>
    public async Task<ChunkInfo?> StatAsync(ChunkId chunk, CancellationToken cancellationToken)
    {
        var reply = await CallAsync(ChunkStoreMethods.StatChunk, RefTo(chunk), _options.IdleTimeout, cancellationToken);
        return reply.Failure?.Error == ChunkNodeError.NotFound ? null : ToInfo(reply.GetOrThrow());
    }

    /// <summary>Deletes a chunk of an aborted upload, which no client was promised. Idempotent.</summary>
    /// <remarks>A sweep calls <see cref="MoveToTrashAsync"/> instead.</remarks>
    /// <returns><see langword="true"/> when it existed.</returns>
    public async Task<bool> DeleteAsync(ChunkId chunk, CancellationToken cancellationToken) =>
        (await CallAsync(ChunkStoreMethods.DeleteChunk, RefTo(chunk), _options.IdleTimeout, cancellationToken)).GetOrThrow().Existed;

    /// <summary>Has the node read a chunk back from disk and check all of it.</summary>
    public Task<ChunkVerification> VerifyAsync(ChunkId chunk, CancellationToken cancellationToken) =>
        VerifyAsync(chunk, VerificationPace.Unlimited, cancellationToken);

    /// <summary>Has the node read a chunk back from disk at a pace, and check all of it.</summary>
    public async Task<ChunkVerification> VerifyAsync(ChunkId chunk, VerificationPace pace, CancellationToken cancellationToken)
    {
        var request = new VerifyChunkRequest { ChunkId = chunk.ToByteString(), MaxBytesPerSecond = pace.BytesPerSecond };
        var limit = _options.WholeChunkTimeout + pace.Duration;
        var reply = (await CallAsync(ChunkStoreMethods.VerifyChunk, request, limit, cancellationToken)).GetOrThrow();
        return new ChunkVerification(reply.Intact, [.. reply.BadBlocks], reply.Reason);
    }

    /// <summary>Has the node fetch a chunk from another node and seal it, at full speed. Idempotent.</summary>
    public Task<CopiedChunk> CopyAsync(ChunkId chunk, ServerId source, CancellationToken cancellationToken) =>
        CopyAsync(chunk, source, expectedSize: 0, maxBytesPerSecond: 0, cancellationToken);

    /// <summary>Has the node fetch a chunk from another node, verify all of it and seal it, replacing a damaged one. Idempotent.</summary>
    /// <param name="chunk">The chunk.</param>
    /// <param name="source">The server that has it. The node finds its address in the cluster's database.</param>
    /// <param name="expectedSize">Its size in bytes, which extends the time limit; 0 when unknown.</param>
    /// <param name="maxBytesPerSecond">The limit of the copying in bytes per second; 0 for none.</param>
    /// <param name="cancellationToken">Ends the copying; the node drops the bytes it has.</param>
    /// <returns>The chunk on the node's stable storage.</returns>
    public async Task<CopiedChunk> CopyAsync(
        ChunkId chunk, ServerId source, long expectedSize, long maxBytesPerSecond, CancellationToken cancellationToken) =>
        (await TryCopyAsync(chunk, source, expectedSize, maxBytesPerSecond, cancellationToken)).GetOrThrow();

    /// <summary>Lists every sealed chunk of the node, in no particular order.</summary>
    public async IAsyncEnumerable<ChunkInfo> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var stat in ListStatsAsync(includeDamaged: false, cancellationToken))
        {
            yield return ToInfo(stat);
        }
    }

    /// <summary>Lists every file among the node's chunks, including damaged ones, in no particular order.</summary>
    public async IAsyncEnumerable<ListedChunk> ListFilesAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var stat in ListStatsAsync(includeDamaged: true, cancellationToken))
        {
            if (!stat.ChunkId.TryRead(out ChunkId chunk))
            {
                throw new ChunkNodeException(ChunkNodeError.Corrupt, Address, "the description of a chunk has no valid id");
            }

            yield return new ListedChunk(chunk, stat.Size, TimeSpan.FromSeconds(Math.Max(0, stat.AgeSeconds)), stat.Damaged);
        }
    }

    /// <summary>Calls the node's standard health service.</summary>
    /// <returns><see langword="true"/> when the node serves.</returns>
    public async Task<bool> IsServingAsync(CancellationToken cancellationToken)
    {
        using var guard = Guard(cancellationToken);
        var health = new Health.HealthClient(_invoker);
        var reply = await guard.TryAsync(token => health.CheckAsync(new HealthCheckRequest(), cancellationToken: token).ResponseAsync);
        return reply.GetOrThrow().Status == HealthCheckResponse.Types.ServingStatus.Serving;
    }

    /// <inheritdoc cref="CopyAsync(ChunkId, ServerId, long, long, CancellationToken)"/>
    internal async Task<NodeOutcome<CopiedChunk>> TryCopyAsync(
        ChunkId chunk, ServerId source, long expectedSize, long maxBytesPerSecond, CancellationToken cancellationToken)
    {
        var request = new CopyChunkRequest
        {
            ChunkId = chunk.ToByteString(),
            SourceServerId = source.ToByteString(),
            MaxBytesPerSecond = maxBytesPerSecond,
        };
        var rate = maxBytesPerSecond > 0 ? Math.Min(maxBytesPerSecond, LeastCopyRate) : LeastCopyRate;
        var limit = _options.WholeChunkTimeout + TimeSpan.FromSeconds((double)expectedSize / rate);
        var outcome = await CallAsync(ChunkStoreMethods.CopyChunk, request, limit, cancellationToken);
        return outcome.Value is not { } reply ? new(null, outcome.Failure)
            : reply.Sha256.Length == SHA256.HashSizeInBytes ? new(new CopiedChunk(reply.Size, new Sha256Digest(reply.Sha256.Span)), null)
            : new(
                null,
                new ChunkNodeException(ChunkNodeError.Corrupt, Address, $"the reply to copying chunk {chunk} has no valid SHA-256"));
    }

    /// <summary>Makes the guard of a call to this node.</summary>
    internal CallGuard Guard(CancellationToken cancellationToken) => new(Address, _options.IdleTimeout, _time, cancellationToken);

    /// <summary>Starts a put, over the transport where the node takes it and by gRPC elsewhere.</summary>
    /// <returns>The put, which the caller owns, or the failure of the node.</returns>
    internal Task<NodeOutcome<IPutCall>> TryStartPutAsync(CallGuard guard) => guard.TryAsync(async token =>
        await _transport.TryStartAsync(guard)
        ?? new GrpcPutCall(
            _invoker.AsyncClientStreamingCall(ChunkStoreMethods.PutChunk, null, new CallOptions(cancellationToken: token)),
            guard,
            SealLimit));

    private static ChunkRef RefTo(ChunkId chunk) => new() { ChunkId = chunk.ToByteString() };

    private ChunkInfo ToInfo(ChunkStat stat)
    {
        if (!stat.ChunkId.TryRead(out ChunkId chunk) || !stat.FileId.TryRead(out FileId file))
        {
            throw new ChunkNodeException(ChunkNodeError.Corrupt, Address, "the description of a chunk has no valid ids");
        }

        return new ChunkInfo(chunk, file, stat.Size, stat.Sha256.Memory);
    }

    private async IAsyncEnumerable<ChunkStat> ListStatsAsync(
        bool includeDamaged, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var guard = Guard(cancellationToken);
        using var call = _invoker.AsyncServerStreamingCall(
            ChunkStoreMethods.ListChunks,
            null,
            new CallOptions(cancellationToken: guard.Token),
            new ListChunksRequest { IncludeDamaged = includeDamaged });
        while ((await guard.TryAsync(call.ResponseStream.MoveNext)).GetOrThrow())
        {
            yield return call.ResponseStream.Current;
        }
    }

    private static string? Inspect(BlockRun run, long expectedOffset, long end) =>
        run.Offset != expectedOffset ? $"a run at {run.Offset} instead of {expectedOffset} in the bytes"
        : run.Offset >= end ? $"a run beyond {end} in the bytes"
        : run.FindBadBlock() is { } bad ? $"bad checksum of the block at {bad}"
        : null;

    private async Task<NodeOutcome<TReply>> CallAsync<TRequest, TReply>(
        Method<TRequest, TReply> method, TRequest request, TimeSpan limit, CancellationToken cancellationToken)
        where TRequest : class
        where TReply : class
    {
        using var guard = new CallGuard(Address, limit, _time, cancellationToken);
        using var call = _invoker.AsyncUnaryCall(method, null, new CallOptions(cancellationToken: guard.Token), request);
        return await guard.TryAsync(_ => call.ResponseAsync);
    }
}
