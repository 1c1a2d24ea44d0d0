using MediaAspire.Core.Copies;
using MediaAspire.Core.Duties;
using MediaAspire.Core.Ids;
using MediaAspire.Core.Repair;
using MediaAspire.Worker.Duties;
using MediaAspire.Worker.Queue;
using Microsoft.Extensions.Options;

namespace MediaAspire.Worker.Repair;

/// <summary>Repairs one chunk.</summary>
/// <remarks>
/// Idempotent: the copies are counted again, and each one is begun and ended under the rules of <see cref="CopyLedger"/>, so a second run
/// at once finds the chunk busy, and a later one finds it whole.
/// </remarks>
internal sealed class RepairChunkHandler(
    ChunkRepairer repairer, DutyItems items, IOptions<RepairOptions> options) : IJobHandler<RepairChunk>
{
    public async Task HandleAsync(RepairChunk payload, JobContext job, CancellationToken cancellationToken)
    {
        var isWhole = await repairer.RepairAsync(new ChunkId(payload.Chunk), cancellationToken);
        await (isWhole
            ? items.EndAsync(DutyNames.Repair, payload.Chunk, cancellationToken)
            : items.RestAsync(DutyNames.Repair, payload.Chunk, options.Value.Interval, cancellationToken));
    }
}
