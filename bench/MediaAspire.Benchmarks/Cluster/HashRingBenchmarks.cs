using BenchmarkDotNet.Attributes;
using MediaAspire.Core.Cluster;
using MediaAspire.Core.Ids;

namespace MediaAspire.Benchmarks.Cluster;

/// <summary>Finds the owner of a key. Target: below 100 ns, without allocations.</summary>
public class HashRingBenchmarks
{
    private HashRing _ring = HashRing.Empty;
    private ulong _state;

    [Params(6, 64)]
    public int Servers { get; set; }

    [GlobalSetup]
    public void MakeRing() => _ring = RandomRings.Create(new Random(1), Servers);

    /// <summary>Returns a new key each time, so that the processor cannot learn the way through the search.</summary>
    [Benchmark]
    public ServerId Find() => _ring.Find(NextKey());

    // SplitMix64: about 1 ns, which counts.
    private ulong NextKey()
    {
        _state += 0x9E3779B97F4A7C15;
        var key = _state;
        key = (key ^ (key >> 30)) * 0xBF58476D1CE4E5B9;
        key = (key ^ (key >> 27)) * 0x94D049BB133111EB;
        return key ^ (key >> 31);
    }
}
