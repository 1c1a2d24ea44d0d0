using System.Text.Json.Serialization;
using MediaAspire.Core.Ids;
using MediaAspire.Core.Jobs;

namespace MediaAspire.Core.Rebalancing;

/// <summary>The job that carries out one move of a rebalance.</summary>
/// <param name="Rebalance">The rebalance's id.</param>
/// <param name="Chunk">The chunk's id; the rebalance's plan has the servers.</param>
public sealed record MoveChunk(Guid Rebalance, Guid Chunk)
{
    public static JobKind<MoveChunk> Kind { get; } = new("move-chunk", MoveChunkJson.Default.MoveChunk);

    /// <summary>Makes the job; at most one waits for a move.</summary>
    public static NewJob Of(Guid rebalance, ChunkId chunk, TimeProvider time) => Kind.Create(new(rebalance, chunk.Value), time) with
    {
        UniqueKey = $"{rebalance}/{chunk}",
        Priority = JobPriority.Low,
    };
}

[JsonSerializable(typeof(MoveChunk))]
internal sealed partial class MoveChunkJson : JsonSerializerContext;
