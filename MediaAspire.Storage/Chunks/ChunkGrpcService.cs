using Google.Protobuf;
using Grpc.Core;
using MediaAspire.Core.Chunks;
using MediaAspire.Core.Chunks.Protos;
using MediaAspire.Core.Ids;
using BlockRun = MediaAspire.Core.Chunks.BlockRun;

namespace MediaAspire.Storage.Chunks;

/// <summary>The gRPC service of the store. <see cref="ChunkStoreErrorInterceptor"/> translates its exceptions.</summary>
internal sealed partial class ChunkGrpcService(
    ChunkStore store, ChunkReceiver receiver, ChunkVerifier verifier, ChunkCopier copier, TimeProvider time)
{
    public Task<PutChunkReply> PutChunk(IAsyncStreamReader<PutChunkPart> parts, ServerCallContext context) =>
        receiver.ReceiveAsync(parts, () => context.WriteResponseHeadersAsync(Metadata.Empty), context.CancellationToken);

    public async Task GetChunk(GetChunkRequest request, IServerStreamWriter<BlockRun> replies, ServerCallContext context)
    {
        await foreach (var run in store.ReadAsync(IdOf(request.ChunkId), request.Offset, request.Length, context.CancellationToken))
        {
            using (run)
            {
                await replies.WriteAsync(run, context.CancellationToken);
            }
        }
    }

    public async Task<ChunkStat> StatChunk(ChunkRef request, ServerCallContext context) =>
        ToStat(await store.StatAsync(IdOf(request.ChunkId), context.CancellationToken));

    public Task<DeleteChunkReply> DeleteChunk(ChunkRef request) =>
        Task.FromResult(new DeleteChunkReply { Existed = store.Delete(IdOf(request.ChunkId)) });

    public async Task ListChunks(ListChunksRequest request, IServerStreamWriter<ChunkStat> replies, ServerCallContext context)
    {
        await foreach (var entry in store.ListAsync(context.CancellationToken))
        {
            if (entry.Info is not null || request.IncludeDamaged)
            {
                await replies.WriteAsync(ToStat(entry), context.CancellationToken);
            }
        }
    }

    public async Task<VerifyChunkReply> VerifyChunk(VerifyChunkRequest request, ServerCallContext context)
    {
        var found = await verifier.VerifyAsync(IdOf(request.ChunkId), request.MaxBytesPerSecond, context.CancellationToken);
        return new VerifyChunkReply { Intact = found.IsIntact, BadBlocks = { found.BadBlocks }, Reason = found.Reason };
    }

    public async Task<PutChunkReply> CopyChunk(CopyChunkRequest request, ServerCallContext context)
    {
        if (!request.SourceServerId.TryRead(out ServerId source))
        {
            throw new ChunkStoreException(
                ChunkStoreError.Invalid, $"`source_server_id` must have 16 bytes, not {request.SourceServerId.Length}.");
        }

        var info = await copier.CopyAsync(IdOf(request.ChunkId), source, request.MaxBytesPerSecond, context.CancellationToken);
        return new PutChunkReply { Size = info.Size, Sha256 = ByteString.CopyFrom(info.Sha256.Span) };
    }

    private static ChunkId IdOf(ByteString bytes) =>
        bytes.TryRead(out ChunkId id)
            ? id
            : throw new ChunkStoreException(ChunkStoreError.Invalid, $"A chunk id must have 16 bytes, not {bytes.Length}.");

    private ChunkStat ToStat(ChunkEntry entry)
    {
        var stat = entry.Info is { } info
            ? ToStat(info)
            : new ChunkStat { ChunkId = entry.Chunk.ToByteString(), Size = entry.FileBytes, Damaged = true };
        stat.AgeSeconds = (long)(time.GetUtcNow() - entry.WrittenAt).TotalSeconds;
        return stat;
    }

    private static ChunkStat ToStat(ChunkInfo info) => new()
    {
        ChunkId = info.Chunk.ToByteString(),
        FileId = info.File.ToByteString(),
        Size = info.Size,
        Sha256 = ByteString.CopyFrom(info.Sha256.Span),
    };
}
