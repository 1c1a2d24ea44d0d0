using BenchmarkDotNet.Attributes;
using MediaAspire.Core.Chunks;

namespace MediaAspire.Benchmarks.Chunks;

/// <summary>Computes and verifies the checksums of a run of blocks: the cost of every byte of an upload and a download.</summary>
public class BlockRunBenchmarks
{
    private BlockRun? _run;

    [Params(BlockFormat.BlockSize, BlockFormat.DefaultRunBytes)]
    public int Bytes { get; set; }

    [GlobalSetup]
    public void FillRun()
    {
        _run = BlockRun.Rent(offset: 0, Bytes);
        new Random(1).NextBytes(_run.Unused.Span[..Bytes]);
        _run.Advance(Bytes);
        _run.Complete();
    }

    [GlobalCleanup]
    public void ReturnRun() => _run?.Dispose();

    [Benchmark]
    public void Complete() => _run!.Complete();

    [Benchmark]
    public long? FindBadBlock() => _run!.FindBadBlock();
}
