using Grpc.Core;
using MediaAspire.Core.Chunks;
using MediaAspire.Core.Chunks.Protos;
using MediaAspire.Core.Cluster;

namespace MediaAspire.Storage.Chunks;

/// <content>The methods of the trash.</content>
internal sealed partial class ChunkGrpcService
{
    private const int LongestPage = 10_000;

    public Task<DeleteChunkReply> TrashChunk(TrashChunkRequest request) => Task.FromResult(new DeleteChunkReply
    {
        Existed = store.MoveToTrash(
            IdOf(request.ChunkId),
            request.Reason == TrashedReason.Unknown ? TrashReason.Unknown : TrashReason.Removed,
            new HeartbeatMark(request.DecidedEpoch, request.DecidedCount)),
    });

    public async Task TrashList(TrashListRequest request, IServerStreamWriter<TrashStat> replies, ServerCallContext context)
    {
        TrashName? after = request.After.Length > 0 ? NameOf(request.After) : null;
        foreach (var entry in store.ListTrash(after, Math.Clamp(request.Limit, 1, LongestPage)))
        {
            await replies.WriteAsync(
                new()
                {
                    Name = entry.Name.ToString(),
                    ChunkId = entry.Name.Chunk.ToByteString(),
                    Size = entry.Bytes,
                    Reason = entry.Name.Reason == TrashReason.Unknown ? TrashedReason.Unknown : TrashedReason.Removed,
                    TrashedAtUnixSeconds = entry.Name.Date.ToUnixTimeSeconds(),
                    RemainingSeconds = (long)store.RemainingOf(entry).TotalSeconds,
                },
                context.CancellationToken);
        }
    }

    public async Task<RestoreChunkReply> RestoreChunk(RestoreChunkRequest request, ServerCallContext context)
    {
        var outcome = await store.RestoreAsync(NameOf(request.Name), context.CancellationToken);
        return new RestoreChunkReply { AlreadyThere = outcome == TrashRestoration.AlreadyThere };
    }

    public Task<EmptyTrashReply> EmptyTrash(EmptyTrashRequest request, ServerCallContext context)
    {
        var seconds = Math.Clamp(request.LeastAgeSeconds, 0, (long)TimeSpan.FromDays(36_500).TotalSeconds);
        var (chunks, bytes) = store.EmptyTrash(TimeSpan.FromSeconds(seconds), context.CancellationToken);
        return Task.FromResult(new EmptyTrashReply { Chunks = chunks, Bytes = bytes });
    }

    private static TrashName NameOf(string text) => TrashName.TryParse(text, out var name)
        ? name
        : throw new ChunkStoreException(
            ChunkStoreError.Invalid, $"'{(text.Length <= 80 ? text : text[..80] + "…")}' is not the name of a file in the trash.");
}
