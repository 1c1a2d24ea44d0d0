using BenchmarkDotNet.Attributes;
using MediaAspire.Benchmarks.Cluster;
using MediaAspire.Core.Checksums;
using MediaAspire.Core.Chunks;
using MediaAspire.Core.Ids;
using MediaAspire.Storage.Chunks;

namespace MediaAspire.Benchmarks.Chunks;

/// <summary>Encodes and decodes the footer of a chunk: once when it is written, and once when a node opens it.</summary>
public class ChunkFooterBenchmarks
{
    private ChunkFooter? _footer;
    private byte[] _encoded = [];

    /// <summary>Gets or sets the bytes of the chunk: a block, or a sixth of 1 GiB.</summary>
    [Params(BlockFormat.BlockSize, 178_956_971)]
    public long ChunkBytes { get; set; }

    [GlobalSetup]
    public void MakeFooter()
    {
        var random = new Random(1);
        var checksums = new ulong[BlockFormat.CountBlocks(ChunkBytes)];
        for (var i = 0; i < checksums.Length; i++)
        {
            checksums[i] = (ulong)random.NextInt64(long.MinValue, long.MaxValue);
        }

        var sha256 = new byte[32];
        random.NextBytes(sha256);
        _footer = new ChunkFooter(
            new ChunkId(RandomRings.RandomId(random)),
            new FileId(RandomRings.RandomId(random)),
            ChunkBytes,
            new Sha256Digest(sha256),
            checksums);
        _encoded = _footer.Encode();
        if (ChunkFooter.Decode(_encoded)?.Size != ChunkBytes)
        {
            throw new InvalidOperationException("The decoded footer differs from the encoded one.");
        }
    }

    [Benchmark]
    public byte[] Encode() => _footer!.Encode();

    [Benchmark]
    public ChunkFooter? Decode() => ChunkFooter.Decode(_encoded);
}
