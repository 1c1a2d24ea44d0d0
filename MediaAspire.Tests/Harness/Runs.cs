using MediaAspire.Core.Chunks;

namespace MediaAspire.Tests.Harness;

/// <summary>Creates runs of blocks.</summary>
internal static class Runs
{
    public static BlockRun Make(long offset, ReadOnlySpan<byte> bytes)
    {
        var run = BlockRun.Rent(offset, Math.Max(1, bytes.Length));
        bytes.CopyTo(run.Unused.Span);
        run.Advance(bytes.Length);
        run.Complete();
        return run;
    }

    public static BlockRun Make(int seed, long offset, int length) => Make(offset, TestBytes.Make(seed, length));

    /// <summary>Creates a run whose checksums are those of other bytes.</summary>
    public static BlockRun MakeDamaged(long offset, ReadOnlySpan<byte> bytes)
    {
        var run = BlockRun.Rent(offset, bytes.Length);
        bytes.CopyTo(run.Unused.Span);
        run.Advance(bytes.Length);
        run.Complete(new ulong[BlockFormat.CountBlocks(bytes.Length)]);
        return run;
    }

    public static IEnumerable<BlockRun> Cut(byte[] bytes, int runBytes = BlockFormat.DefaultRunBytes)
    {
        for (var at = 0; at < bytes.Length; at += runBytes)
        {
            yield return Make(at, bytes.AsSpan(at, Math.Min(runBytes, bytes.Length - at)));
        }
    }
}
