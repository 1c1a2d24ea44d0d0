using BenchmarkDotNet.Attributes;
using MediaAspire.Core.Cluster;
using MediaAspire.Core.Ids;

namespace MediaAspire.Benchmarks.Cluster;

/// <summary>Chooses the servers of a file's six chunks in two copies, once per upload.</summary>
public class PlacementBenchmarks
{
    private const int Files = 1024;

    private readonly FileId[] _files = new FileId[Files];
    private HashRing _ring = HashRing.Empty;
    private int _next;

    [Params(6, 64)]
    public int Servers { get; set; }

    [GlobalSetup]
    public void MakeRing()
    {
        var random = new Random(1);
        _ring = RandomRings.Create(random, Servers);
        for (var i = 0; i < Files; i++)
        {
            _files[i] = new FileId(RandomRings.RandomId(random));
        }
    }

    [Benchmark]
    public PlacementPlan Place()
    {
        _next = (_next + 1) & (Files - 1);
        return Placement.Place(_ring, _files[_next], chunks: 6, copies: 2);
    }
}
