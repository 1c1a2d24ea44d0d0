using Google.Protobuf;
using Grpc.Core;
using MediaAspire.Core.Chunks.Protos;

namespace MediaAspire.Core.Chunks;

/// <summary>The gRPC methods of chunk_store.proto for client and server, with blocks encoded by <see cref="BlockRunCodec"/>.</summary>
public static class ChunkStoreMethods
{
    public const string ServiceName = "mediaaspire.chunks.v1.ChunkStore";

    private static readonly Marshaller<PutChunkPart> s_part =
        new(WritePart, static context => BlockRunCodec.ReadPart(context.PayloadAsReadOnlySequence()));
    private static readonly Marshaller<BlockRun> s_run =
        new(WriteRun, static context => BlockRunCodec.Read(context.PayloadAsReadOnlySequence()));
    private static readonly Marshaller<ChunkRef> s_ref = Of(ChunkRef.Parser);
    private static readonly Marshaller<ChunkStat> s_stat = Of(ChunkStat.Parser);
    private static readonly Marshaller<PutChunkReply> s_putReply = Of(PutChunkReply.Parser);

    public static Method<PutChunkPart, PutChunkReply> PutChunk { get; } =
        Define(MethodType.ClientStreaming, "PutChunk", s_part, s_putReply);

    public static Method<GetChunkRequest, BlockRun> GetChunk { get; } =
        Define(MethodType.ServerStreaming, "GetChunk", Of(GetChunkRequest.Parser), s_run);

    public static Method<ChunkRef, ChunkStat> StatChunk { get; } = Define(MethodType.Unary, "StatChunk", s_ref, s_stat);

    public static Method<ChunkRef, DeleteChunkReply> DeleteChunk { get; } =
        Define(MethodType.Unary, "DeleteChunk", s_ref, Of(DeleteChunkReply.Parser));

    public static Method<TrashChunkRequest, DeleteChunkReply> TrashChunk { get; } =
        Define(MethodType.Unary, "TrashChunk", Of(TrashChunkRequest.Parser), Of(DeleteChunkReply.Parser));

    public static Method<TrashListRequest, TrashStat> TrashList { get; } =
        Define(MethodType.ServerStreaming, "TrashList", Of(TrashListRequest.Parser), Of(TrashStat.Parser));

    public static Method<RestoreChunkRequest, RestoreChunkReply> RestoreChunk { get; } =
        Define(MethodType.Unary, "RestoreChunk", Of(RestoreChunkRequest.Parser), Of(RestoreChunkReply.Parser));

    public static Method<EmptyTrashRequest, EmptyTrashReply> EmptyTrash { get; } =
        Define(MethodType.Unary, "EmptyTrash", Of(EmptyTrashRequest.Parser), Of(EmptyTrashReply.Parser));

    public static Method<ListChunksRequest, ChunkStat> ListChunks { get; } =
        Define(MethodType.ServerStreaming, "ListChunks", Of(ListChunksRequest.Parser), s_stat);

    public static Method<VerifyChunkRequest, VerifyChunkReply> VerifyChunk { get; } =
        Define(MethodType.Unary, "VerifyChunk", Of(VerifyChunkRequest.Parser), Of(VerifyChunkReply.Parser));

    public static Method<CopyChunkRequest, PutChunkReply> CopyChunk { get; } =
        Define(MethodType.Unary, "CopyChunk", Of(CopyChunkRequest.Parser), s_putReply);

    private static Method<TRequest, TReply> Define<TRequest, TReply>(
        MethodType type, string name, Marshaller<TRequest> request, Marshaller<TReply> reply) =>
        new(type, ServiceName, name, request, reply);

    private static Marshaller<T> Of<T>(MessageParser<T> parser)
        where T : IMessage<T>, IBufferMessage =>
        new(Write, context => parser.ParseFrom(context.PayloadAsReadOnlySequence()));

    private static void Write<T>(T message, SerializationContext context)
        where T : IMessage<T>, IBufferMessage
    {
        context.SetPayloadLength(message.CalculateSize());
        message.WriteTo(context.GetBufferWriter());
        context.Complete();
    }

    private static void WritePart(PutChunkPart part, SerializationContext context)
    {
        if (part.Blocks is not { } run)
        {
            Write(part.Open is null ? new PutChunkRequest { Seal = part.Seal } : new PutChunkRequest { Open = part.Open }, context);
            return;
        }

        var size = BlockRunCodec.SizeOf(run);
        context.SetPayloadLength(BlockRunCodec.SizeOfPart(size));
        BlockRunCodec.WritePart(context.GetBufferWriter(), run, size);
        context.Complete();
    }

    private static void WriteRun(BlockRun run, SerializationContext context)
    {
        context.SetPayloadLength(BlockRunCodec.SizeOf(run));
        BlockRunCodec.Write(context.GetBufferWriter(), run);
        context.Complete();
    }
}
