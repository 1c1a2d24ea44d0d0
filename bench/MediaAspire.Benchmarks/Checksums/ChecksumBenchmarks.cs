using BenchmarkDotNet.Attributes;
using MediaAspire.Core.Checksums;

namespace MediaAspire.Benchmarks.Checksums;

/// <summary>Computes S3's checksums over the pieces in which an upload arrives.</summary>
public class ChecksumBenchmarks : IDisposable
{
    private byte[] _bytes = [];
    private ChecksumContentDigest? _digest;

    [ParamsAllValues]
    public ChecksumAlgorithm Algorithm { get; set; }

    [Params(1024, 512 * 1024)]
    public int Bytes { get; set; }

    [GlobalSetup]
    public void Prepare()
    {
        _bytes = new byte[Bytes];
        new Random(1).NextBytes(_bytes);
        _digest = ChecksumContentDigest.Create(Algorithm);
    }

    [Benchmark]
    public void Append() => _digest!.Append(_bytes);

    [GlobalCleanup]
    public void Dispose()
    {
        _digest?.Dispose();
        GC.SuppressFinalize(this);
    }
}
