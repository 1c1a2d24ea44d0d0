using MediaAspire.Core.Chunks;
using MediaAspire.Core.Cluster;
using MediaAspire.Core.Copies;
using MediaAspire.Core.Ids;
using MediaAspire.Core.Scrubbing;
using Microsoft.Extensions.Options;

namespace MediaAspire.Worker.Scrubbing;

/// <param name="Copies">Copies that are done.</param>
/// <param name="IsAway">A value indicating whether the server stopped answering.</param>
internal readonly record struct ScrubResult(long Copies, bool IsAway);

/// <summary>Verifies one server's copies, stretch by stretch, as far as is due.</summary>
internal sealed class ServerScrubber(ScrubLedger ledger, CopyAuditor auditor, ScrubMetrics metrics, IOptions<ScrubOptions> options)
{
    // The limits of a stretch in copies and in bytes; the first one reached ends it. At most a stretch is read again after a kill, or read
    // on after a pause.
    private const int StretchCopies = 64;
    private const long StretchBytes = 64L * 1024 * 1024;

    /// <param name="run">The scrub.</param>
    /// <param name="progress">The progress on this server.</param>
    /// <param name="server">The server.</param>
    /// <param name="bytesPerSecond">Limit for each copy that is being read.</param>
    /// <param name="cancellationToken">Ends it; the stretch in hand is forgotten.</param>
    public async Task<ScrubResult> ScrubAsync(
        ScrubRun run, ScrubServer progress, ClusterServer server, long bytesPerSecond, CancellationToken cancellationToken)
    {
        var (cursor, bytes, copies) = (progress.AfterChunk, progress.Totals.Bytes, 0L);
        var target = BytesDue(run, progress.Totals);
        while (bytes < target)
        {
            var next = await ledger.NextCopiesAsync(run.Id, server.Id, cursor, StretchCopies, cancellationToken);
            if (next.Count == 0)
            {
                await ledger.EndServerAsync(run.Id, server.Id, cancellationToken);
                return new(copies, IsAway: false);
            }

            if (await AuditAsync(server, Stretch(next, target - bytes), bytesPerSecond, cancellationToken) is not { } step)
            {
                return new(copies, IsAway: true);
            }

            if (!await ledger.TryAdvanceAsync(run.Id, server.Id, cursor, step, cancellationToken))
            {
                break;
            }

            (cursor, bytes, copies) = (step.Upto, bytes + step.Bytes, copies + step.Copies);
        }

        return new(copies, IsAway: false);
    }

    /// <summary>Computes the bytes that should be read by now: a scheduled scrub's reading is spread evenly up to its end.</summary>
    private static long BytesDue(ScrubRun run, ScrubTotals totals)
    {
        if (run.DueAt is not { } dueAt)
        {
            return long.MaxValue;
        }

        var share = run.Age / (dueAt - run.StartedAt);
        return share >= 1 ? long.MaxValue : (long)Math.Ceiling(totals.BytesExpected * share);
    }

    private static List<(ChunkId Chunk, long Size)> Stretch(IReadOnlyList<(ChunkId Chunk, long Size)> copies, long bytesWanted)
    {
        var stretch = new List<(ChunkId Chunk, long Size)>();
        var limit = Math.Min(bytesWanted, StretchBytes);
        for (var (i, bytes) = (0, 0L); i < copies.Count && bytes < limit; i++)
        {
            stretch.Add(copies[i]);
            bytes += copies[i].Size;
        }

        return stretch;
    }

    /// <returns>The findings; null when the server stopped answering.</returns>
    private async Task<ScrubStep?> AuditAsync(
        ClusterServer server, List<(ChunkId Chunk, long Size)> copies, long bytesPerSecond, CancellationToken cancellationToken)
    {
        var verdicts = new CopyVerdict[copies.Count];
        var parallel = new ParallelOptions
        {
            MaxDegreeOfParallelism = options.Value.ConcurrentPerServer,
            CancellationToken = cancellationToken,
        };
        await Parallel.ForAsync(0, copies.Count, parallel, async (i, token) =>
        {
            var (chunk, size) = copies[i];

            // Once the server is away, the others would not be answered either.
            verdicts[i] = verdicts.Contains(CopyVerdict.Unreachable)
                ? CopyVerdict.Unreachable
                : await auditor.AuditAsync(chunk, server.Id, server.Address, new VerificationPace(bytesPerSecond, size), token);
        });

        if (verdicts.Contains(CopyVerdict.Unreachable))
        {
            return null;
        }

        for (var i = 0; i < verdicts.Length; i++)
        {
            metrics.Count(verdicts[i], copies[i].Size);
        }

        return new ScrubStep(
            copies[^1].Chunk,
            verdicts.Count(verdict => verdict != CopyVerdict.Settled),
            copies.Sum(copy => copy.Size),
            verdicts.Count(verdict => verdict == CopyVerdict.Corrupt),
            verdicts.Count(verdict => verdict == CopyVerdict.Missing),
            verdicts.Count(verdict => verdict == CopyVerdict.Undecided));
    }
}
