using System.Runtime.InteropServices;
using MediaAspire.Core.Chunks;
using MediaAspire.Core.Ids;
using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Chunks;

public sealed class ChunkCacheTests
{
    private const int Length = BlockFormat.BlockSize;

    [Fact]
    public void Find_ChunkWasReadOnce_IsNotKept()
    {
        using var cache = Caches.OfBytes(4 * Length);
        var chunk = ChunkId.New(TimeProvider.System);

        Read(cache, chunk, seed: 1);

        Assert.Null(cache.Find(chunk, 0, Length));
    }

    [Fact]
    public void Find_ChunkWasReadTwice_BringsItsBytesForEveryRangeThatItHolds()
    {
        using var cache = Caches.OfBytes(4 * Length);
        var chunk = ChunkId.New(TimeProvider.System);

        Read(cache, chunk, seed: 1);
        Read(cache, chunk, seed: 1);

        using (var found = cache.Find(chunk, 100, Length - 100))
        {
            using var expected = Runs.Make(1, 0, Length);
            Assert.Equal(expected.Data.ToArray(), found!.Data.ToArray());
        }

        Assert.Null(cache.Find(chunk, 0, Length + 1));
    }

    [Fact]
    public void Offer_MoreThanTheLimit_DropsWhatWasNotReadForTheLongestTime()
    {
        using var cache = Caches.OfBytes(2 * Length);
        ChunkId[] chunks = [.. Enumerable.Range(0, 3).Select(_ => ChunkId.New(TimeProvider.System))];
        foreach (var chunk in chunks[..2])
        {
            Read(cache, chunk, seed: 1);
            Read(cache, chunk, seed: 1);
        }

        cache.Find(chunks[0], 0, Length)!.Dispose();
        Read(cache, chunks[2], seed: 1);
        Read(cache, chunks[2], seed: 1);

        Assert.Equal([true, false, true], chunks.Select(chunk =>
        {
            using var found = cache.Find(chunk, 0, Length);
            return found is not null;
        }));
    }

    [Fact]
    public void Find_MemoryWentBad_BringsNothing()
    {
        using var cache = Caches.OfBytes(4 * Length);
        var chunk = ChunkId.New(TimeProvider.System);
        Read(cache, chunk, seed: 1);
        using var run = Runs.Make(1, 0, Length);
        cache.Offer(chunk, run);
        Assert.True(MemoryMarshal.TryGetArray(run.Data, out var buffer));
        var bytes = buffer.AsSpan();
        bytes[17] ^= 1;

        Assert.Null(cache.Find(chunk, 0, Length));

        bytes[17] ^= 1;
        Assert.Null(cache.Find(chunk, 0, Length));
    }

    [Fact]
    public void Offer_LimitIsZero_KeepsNothing()
    {
        using var cache = Caches.None();
        var chunk = ChunkId.New(TimeProvider.System);
        Read(cache, chunk, seed: 1);
        Read(cache, chunk, seed: 1);

        Assert.Null(cache.Find(chunk, 0, Length));
    }

    [Fact]
    public async Task A_chunk_that_was_read_twice_is_read_without_its_servers()
    {
        await using var cluster = await TestCluster.StartAsync(nodes: 1);
        var bytes = TestBytes.Make(3, 50_000);
        var chunk = await cluster.Nodes[0].PutAsync(bytes);
        using var cache = Caches.OfBytes(4 * Length);
        var reader = cluster.MakeReader(cache: cache);
        await ReadAsync(reader, cluster, chunk, bytes.Length);
        await ReadAsync(reader, cluster, chunk, bytes.Length);
        await cluster.Nodes[0].AbortAsync();

        Assert.Equal(bytes, await ReadAsync(reader, cluster, chunk, bytes.Length));
    }

    private static void Read(ChunkCache cache, ChunkId chunk, int seed)
    {
        using var run = Runs.Make(seed, 0, Length);
        cache.Offer(chunk, run);
    }

    private static async Task<byte[]> ReadAsync(ChunkReader reader, TestCluster cluster, ChunkId chunk, int length)
    {
        using var bytes = new MemoryStream();
        await foreach (var run in reader.ReadAsync(chunk, [cluster.Servers[0].Id], 0, length, CancellationToken.None))
        {
            using (run)
            {
                bytes.Write(run.Data.Span);
            }
        }

        return bytes.ToArray();
    }
}
