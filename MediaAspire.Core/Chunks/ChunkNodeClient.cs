using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Grpc.Core;
using Grpc.Health.V1;
using MediaAspire.Core.Checksums;
using MediaAspire.Core.Chunks.Protos;
using MediaAspire.Core.Ids;

namespace MediaAspire.Core.Chunks;

/// <summary>Speaks with one chunk node.</summary>
/// <remarks>
/// Thread-safe. Every method throws <see cref="ChunkNodeException"/> when the node fails and
/// <see cref="OperationCanceledException"/> when the caller gives up.
/// </remarks>
public sealed class ChunkNodeClient
{
    // Bytes a second below which a node that copies without a limit counts as hanging.
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
    /// <param name="length">The bytes wanted, at least one.</param>
    /// <param name="cancellationToken">Ends the transfer.</param>
    public async IAsyncEnumerable<BlockRun> GetAsync(
        ChunkId chunk, long offset, long length, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var guard = Guard(cancellationToken);
        var request = new GetChunkRequest { ChunkId = chunk.ToByteString(), Offset = offset, Length = length };
        using var call = _invoker.AsyncServerStreamingCall(ChunkStoreMethods.GetChunk, null, new CallOptions(cancellationToken: guard.Token), request);

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
            throw new ChunkNodeException(ChunkNodeError.Corrupt, Address, $"chunk {chunk} ended at {next}, before {end}");
        }
    }

    /// <summary>Describes a chunk; null when it is not there.</summary>
    public async Task<ChunkInfo?> StatAsync(ChunkId chunk, CancellationToken cancellationToken)
    {
        var reply = await CallAsync(ChunkStoreMethods.StatChunk, RefTo(chunk), _options.IdleTimeout, cancellationToken);
        return reply.Failure?.Error == ChunkNodeError.NotFound ? null : ToInfo(reply.GetOrThrow());
    }

    /// <summary>Deletes a chunk. Idempotent.</summary>
    /// <returns>Whether it was there.</returns>
    public async Task<bool> DeleteAsync(ChunkId chunk, CancellationToken cancellationToken) =>
        (await CallAsync(ChunkStoreMethods.DeleteChunk, RefTo(chunk), _options.IdleTimeout, cancellationToken)).GetOrThrow().Existed;

    /// <summary>Has the node read a chunk back from disk and check all of it.</summary>
    public Task<ChunkVerification> VerifyAsync(ChunkId chunk, CancellationToken cancellationToken) =>
        VerifyAsync(chunk, VerificationPace.Unlimited, cancellationToken);

    /// <summary>Has the node read a chunk back from disk at a pace, and check all of it.</summary>
    public async Task<ChunkVerification> VerifyAsync(ChunkId chunk, VerificationPace pace, CancellationToken cancellationToken)
    {
        var request = new VerifyChunkRequest { ChunkId = chunk.ToByteString(), MaxBytesPerSecond = pace.BytesPerSecond };
        var reply = (await CallAsync(ChunkStoreMethods.VerifyChunk, request, _options.WholeChunkTimeout + pace.Duration, cancellationToken)).GetOrThrow();
        return new ChunkVerification(reply.Intact, [.. reply.BadBlocks], reply.Reason);
    }

    /// <summary>Has the node fetch a chunk from another node and seal it, as fast as it can. Idempotent.</summary>
    public Task<CopiedChunk> CopyAsync(ChunkId chunk, Uri source, CancellationToken cancellationToken) =>
        CopyAsync(chunk, source, expectedSize: 0, maxBytesPerSecond: 0, cancellationToken);

    /// <summary>Has the node fetch a chunk from another node, verify all of it and seal it in the place of a damaged one. Idempotent.</summary>
    /// <param name="chunk">The chunk.</param>
    /// <param name="source">The node that has it.</param>
    /// <param name="expectedSize">Its bytes, by which the wait for the node grows; 0 when unknown.</param>
    /// <param name="maxBytesPerSecond">Most bytes a second that the node takes from the source; 0 for no limit.</param>
    /// <param name="cancellationToken">Ends the copying; the node drops what it has.</param>
    /// <returns>What lies on the node's stable storage now.</returns>
    public async Task<CopiedChunk> CopyAsync(
        ChunkId chunk, Uri source, long expectedSize, long maxBytesPerSecond, CancellationToken cancellationToken) =>
        (await TryCopyAsync(chunk, source, expectedSize, maxBytesPerSecond, cancellationToken)).GetOrThrow();

    /// <summary>Lists every sealed chunk of the node, in no order.</summary>
    public async IAsyncEnumerable<ChunkInfo> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var stat in ListStatsAsync(includeDamaged: false, cancellationToken))
        {
            yield return ToInfo(stat);
        }
    }

    /// <summary>Lists every file among the node's chunks, damaged ones too, in no order.</summary>
    public async IAsyncEnumerable<ListedChunk> ListFilesAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var stat in ListStatsAsync(includeDamaged: true, cancellationToken))
        {
            if (!stat.ChunkId.TryRead(out ChunkId chunk))
            {
                throw new ChunkNodeException(ChunkNodeError.Corrupt, Address, "a description of a chunk has no proper id");
            }

            yield return new ListedChunk(chunk, stat.Size, TimeSpan.FromSeconds(Math.Max(0, stat.AgeSeconds)), stat.Damaged);
        }
    }

    /// <summary>Asks the node's standard health service whether it serves.</summary>
    public async Task<bool> IsServingAsync(CancellationToken cancellationToken)
    {
        using var guard = Guard(cancellationToken);
        var health = new Health.HealthClient(_invoker);
        var reply = await guard.TryAsync(token => health.CheckAsync(new HealthCheckRequest(), cancellationToken: token).ResponseAsync);
        return reply.GetOrThrow().Status == HealthCheckResponse.Types.ServingStatus.Serving;
    }

    /// <inheritdoc cref="CopyAsync(ChunkId, Uri, long, long, CancellationToken)"/>
    internal async Task<NodeOutcome<CopiedChunk>> TryCopyAsync(
        ChunkId chunk, Uri source, long expectedSize, long maxBytesPerSecond, CancellationToken cancellationToken)
    {
        var request = new CopyChunkRequest
        {
            ChunkId = chunk.ToByteString(),
            SourceAddress = source.OriginalString,
            MaxBytesPerSecond = maxBytesPerSecond,
        };
        var rate = maxBytesPerSecond > 0 ? Math.Min(maxBytesPerSecond, LeastCopyRate) : LeastCopyRate;
        var limit = _options.WholeChunkTimeout + TimeSpan.FromSeconds((double)expectedSize / rate);
        var outcome = await CallAsync(ChunkStoreMethods.CopyChunk, request, limit, cancellationToken);
        return outcome.Value is not { } reply ? new(null, outcome.Failure)
            : reply.Sha256.Length == SHA256.HashSizeInBytes ? new(new CopiedChunk(reply.Size, new Sha256Digest(reply.Sha256.Span)), null)
            : new(null, new ChunkNodeException(ChunkNodeError.Corrupt, Address, $"the reply to copying chunk {chunk} has no proper SHA-256"));
    }

    /// <summary>Makes the guard of a call to this node.</summary>
    internal CallGuard Guard(CancellationToken cancellationToken) => new(Address, _options.IdleTimeout, _time, cancellationToken);

    /// <summary>Starts a put, over the transport where the node takes it and by gRPC elsewhere.</summary>
    /// <returns>The put, which the caller owns, or the failure of the node.</returns>
    internal Task<NodeOutcome<IPutCall>> TryStartPutAsync(CallGuard guard) => guard.TryAsync(async token =>
        await _transport.TryStartAsync(guard)
        ?? new GrpcPutCall(
            _invoker.AsyncClientStreamingCall(ChunkStoreMethods.PutChunk, null, new CallOptions(cancellationToken: token)), guard, SealLimit));

    private static ChunkRef RefTo(ChunkId chunk) => new() { ChunkId = chunk.ToByteString() };

    private ChunkInfo ToInfo(ChunkStat stat)
    {
        if (!stat.ChunkId.TryRead(out ChunkId chunk) || !stat.FileId.TryRead(out FileId file))
        {
            throw new ChunkNodeException(ChunkNodeError.Corrupt, Address, "a description of a chunk has no proper ids");
        }

        return new ChunkInfo(chunk, file, stat.Size, stat.Sha256.Memory);
    }

    private async IAsyncEnumerable<ChunkStat> ListStatsAsync(bool includeDamaged, [EnumeratorCancellation] CancellationToken cancellationToken)
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
        run.Offset != expectedOffset ? $"the run at {run.Offset} came where {expectedOffset} was due in the bytes"
        : run.Offset >= end ? $"more came than the bytes before {end}"
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
