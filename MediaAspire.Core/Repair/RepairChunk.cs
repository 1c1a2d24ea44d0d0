using System.Text.Json.Serialization;
using MediaAspire.Core.Ids;
using MediaAspire.Core.Jobs;

namespace MediaAspire.Core.Repair;

/// <summary>The job that makes the missing copies of one chunk.</summary>
/// <param name="Chunk">The chunk's id.</param>
public sealed record RepairChunk(Guid Chunk)
{
    public static JobKind<RepairChunk> Kind { get; } = new("repair-chunk", RepairChunkJson.Default.RepairChunk);

    /// <summary>Makes the job; at most one waits for a chunk.</summary>
    /// <param name="chunk">The chunk.</param>
    /// <param name="live">Copies that are left: a chunk with a single one comes before all others.</param>
    /// <param name="time">The clock of the job's id.</param>
    public static NewJob Of(ChunkId chunk, int live, TimeProvider time) => Kind.Create(new(chunk.Value), time) with
    {
        UniqueKey = $"{chunk}",
        Priority = live <= 1 ? JobPriority.High : JobPriority.Normal,
    };
}

[JsonSerializable(typeof(RepairChunk))]
internal sealed partial class RepairChunkJson : JsonSerializerContext;
