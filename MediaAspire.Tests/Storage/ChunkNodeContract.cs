using System.Security.Cryptography;
using Google.Protobuf;
using Grpc.Health.V1;
using MediaAspire.Core.Chunks;
using MediaAspire.Core.Chunks.Protos;
using MediaAspire.Core.Cluster;
using MediaAspire.Core.Ids;
using MediaAspire.Tests.Harness;
using GeneratedRun = MediaAspire.Core.Chunks.Protos.BlockRun;

namespace MediaAspire.Tests.Storage;

/// <summary>The contract of our client and our node over a real connection.</summary>
public abstract partial class ChunkNodeContract(bool directTransfers) : IAsyncLifetime
{
    private TestNode _node = null!;

    public async Task InitializeAsync() => _node = await TestNode.StartAsync(directTransfers: directTransfers);

    public async Task DisposeAsync() => await _node.DisposeAsync();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(65_537)]
    [InlineData(20_000_003)]
    public async Task Put_AnySize_ComesBackTheSame(int size)
    {
        var bytes = TestBytes.Make(1, size);

        var chunk = await _node.PutAsync(bytes);

        var info = await _node.Client.StatAsync(chunk, default);
        Assert.Equal((size, Convert.ToHexString(SHA256.HashData(bytes))), (info!.Size, Convert.ToHexString(info.Sha256.Span)));
        Assert.Equal(bytes, await _node.GetAsync(chunk, 0, size));
        Assert.True((await _node.Client.VerifyAsync(chunk, default)).IsIntact);
    }

    [Fact]
    public async Task Get_RandomRanges_GiveTheBlocksThatCoverThem()
    {
        var bytes = TestBytes.Make(2, 3_000_000);
        var chunk = await _node.PutAsync(bytes);
        var random = new Random(2);

        for (var i = 0; i < 100; i++)
        {
            var offset = random.Next(bytes.Length);
            var length = random.Next(1, bytes.Length - offset + 1);
            var read = await _node.GetAsync(chunk, offset, length);

            var start = offset % BlockFormat.BlockSize;
            Assert.True(read.AsSpan(start, length).SequenceEqual(bytes.AsSpan(offset, length)), $"{offset}+{length}");
            Assert.InRange(read.Length, start + length, start + length + BlockFormat.BlockSize);
        }
    }

    [Fact]
    public async Task GeneratedClient_PutAndGet_UnderstandsTheNode()
    {
        using var channel = _node.OpenChannel();
        var client = new ChunkStore.ChunkStoreClient(channel);
        var bytes = TestBytes.Make(3, 100_000);
        var id = ChunkId.New(TimeProvider.System).ToByteString();
        using var put = client.PutChunk();
        await put.RequestStream.WriteAsync(new PutChunkRequest { Open = new() { ChunkId = id, FileId = id } });
        await put.RequestStream.WriteAsync(new PutChunkRequest
        {
            Blocks = new GeneratedRun
            {
                Data = ByteString.CopyFrom(bytes),
                Checksums = { BlockFormat.Checksum(bytes.AsSpan(0, 65_536)), BlockFormat.Checksum(bytes.AsSpan(65_536)) },
            },
        });
        await put.RequestStream.WriteAsync(
            new PutChunkRequest { Seal = new() { Size = 100_000, Sha256 = ByteString.CopyFrom(SHA256.HashData(bytes)) } });
        await put.RequestStream.CompleteAsync();
        Assert.Equal(100_000, (await put).Size);

        using var get = client.GetChunk(new GetChunkRequest { ChunkId = id, Offset = 65_536, Length = 1 });
        Assert.True(await get.ResponseStream.MoveNext(default));
        var run = get.ResponseStream.Current;

        Assert.Equal((65_536, BlockFormat.Checksum(bytes.AsSpan(65_536))), (run.Offset, Assert.Single(run.Checksums)));
        Assert.Equal(bytes.AsSpan(65_536), run.Data.Span);
        Assert.False(await get.ResponseStream.MoveNext(default));
    }

    [Fact]
    public async Task Put_SameBytesAgain_Succeeds()
    {
        var bytes = TestBytes.Make(4, 100_000);
        var chunk = await _node.PutAsync(bytes);

        await _node.PutAsync(bytes, chunk);

        await AssertErrorAsync(ChunkNodeError.AlreadyExists, () => _node.PutAsync(TestBytes.Make(5, 100_000), chunk));
        Assert.Equal(bytes, await _node.GetAsync(chunk, 0, bytes.Length));
    }

    [Fact]
    public async Task Put_DisposedBeforeSeal_LeavesNothing()
    {
        using (var put = await BeginAsync())
        using (var run = Runs.Make(1, 0, BlockFormat.DefaultRunBytes))
        {
            await put.WriteOrThrowAsync(run, default);
            Assert.Single(_node.Incoming);
        }

        await _node.WaitUntilNothingIncomingAsync();
        Assert.Empty(_node.Files);
    }

    [Fact]
    public async Task Put_StreamEndsWithoutSeal_IsInvalidAndLeavesNothing()
    {
        using var channel = _node.OpenChannel();
        var id = ChunkId.New(TimeProvider.System).ToByteString();
        using var put = new ChunkStore.ChunkStoreClient(channel).PutChunk();
        await put.RequestStream.WriteAsync(new PutChunkRequest { Open = new() { ChunkId = id, FileId = id } });
        await put.RequestStream.CompleteAsync();

        var error = await Assert.ThrowsAsync<Grpc.Core.RpcException>(async () => await put);

        Assert.Equal(Grpc.Core.StatusCode.InvalidArgument, error.StatusCode);
        await _node.WaitUntilNothingIncomingAsync();
    }

    [Fact]
    public async Task Put_DamagedOnTheWay_IsCorruptAndLeavesNothing()
    {
        using var put = await BeginAsync();
        using var run = Runs.MakeDamaged(0, TestBytes.Make(1, 1000));

        await AssertErrorAsync(ChunkNodeError.Corrupt, async () =>
        {
            await put.WriteOrThrowAsync(run, default);
            await put.SealOrThrowAsync(1000, new byte[32], default);
        });

        await _node.WaitUntilNothingIncomingAsync();
        Assert.Empty(_node.Files);
    }

    [Fact]
    public async Task Put_GapBetweenRuns_IsInvalid()
    {
        using var put = await BeginAsync();
        using var run = Runs.Make(1, BlockFormat.BlockSize, 1000);

        await AssertErrorAsync(ChunkNodeError.Invalid, async () =>
        {
            await put.WriteOrThrowAsync(run, default);
            await put.SealOrThrowAsync(1000, new byte[32], default);
        });
    }

    [Fact]
    public async Task Put_CallerCancels_IsCancelledAndLeavesNothing()
    {
        using var giveUp = new CancellationTokenSource();
        using var put = await _node.Client.BeginPutAsync(
            ChunkId.New(TimeProvider.System), FileId.New(TimeProvider.System), null, giveUp.Token);
        using var run = Runs.Make(1, 0, 1000);
        await put.WriteOrThrowAsync(run, default);

        await giveUp.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => put.SealOrThrowAsync(1000, new byte[32], default));
        await _node.WaitUntilNothingIncomingAsync();
    }

    [Fact]
    public async Task BeginPut_DiskHasOnlyItsReserve_IsNoSpaceBeforeAnyByte()
    {
        await using var full = await TestNode.StartAsync(directTransfers: directTransfers, reserve: long.MaxValue / 2);

        await AssertErrorAsync(ChunkNodeError.NoSpace, () => full.PutAsync(TestBytes.Make(1, 10)));
        Assert.Empty(full.Incoming);
    }

    [Fact]
    public async Task Get_BlockDamagedOnDisk_IsCorruptAfterTheIntactRuns()
    {
        var bytes = TestBytes.Make(6, 2 * BlockFormat.DefaultRunBytes);
        var chunk = await _node.PutAsync(bytes);
        await using (var file = File.Open(Assert.Single(_node.Files), FileMode.Open))
        {
            file.Position = BlockFormat.DefaultRunBytes + 1;
            file.WriteByte((byte)(bytes[BlockFormat.DefaultRunBytes + 1] ^ 1));
        }

        var intact = 0;
        await AssertErrorAsync(ChunkNodeError.Corrupt, async () =>
        {
            await foreach (var run in _node.Client.GetAsync(chunk, 0, bytes.Length, default))
            {
                intact += run.Length;
                run.Dispose();
            }
        });

        Assert.Equal(BlockFormat.DefaultRunBytes, intact);
        Assert.Equal([BlockFormat.DefaultRunBytes], (await _node.Client.VerifyAsync(chunk, default)).BadBlocks);
    }

    [Fact]
    public async Task Get_NotThereOrBeyondTheEnd_SaysSo()
    {
        var chunk = await _node.PutAsync(TestBytes.Make(7, 10));

        await AssertErrorAsync(ChunkNodeError.NotFound, () => _node.GetAsync(ChunkId.New(TimeProvider.System), 0, 1));
        await AssertErrorAsync(ChunkNodeError.Invalid, () => _node.GetAsync(chunk, 0, 11));
        Assert.Null(await _node.Client.StatAsync(ChunkId.New(TimeProvider.System), default));
    }

    [Fact]
    public async Task ListFiles_IntactAndTorn_TellsAgeAndDamage()
    {
        var (old, torn) = (await _node.PutAsync(TestBytes.Make(7, 100)), await _node.PutAsync(TestBytes.Make(8, 100)));
        File.SetLastWriteTimeUtc(PathOf(old), File.GetLastWriteTimeUtc(PathOf(old)).AddHours(-2));
        await using (var file = File.OpenWrite(PathOf(torn)))
        {
            file.SetLength(file.Length - 1);
        }

        var listed = await _node.Client.ListFilesAsync(default).ToDictionaryAsync(file => file.Chunk);

        Assert.Equal((100, false), (listed[old].Bytes, listed[old].IsDamaged));
        Assert.InRange(listed[old].Age, TimeSpan.FromHours(2), TimeSpan.FromHours(3));
        Assert.True(listed[torn].IsDamaged);
        Assert.InRange(listed[torn].Age, TimeSpan.Zero, TimeSpan.FromHours(1));
        Assert.Equal([old], (await _node.Client.ListAsync(default).ToListAsync()).Select(info => info.Chunk));

        string PathOf(ChunkId chunk) => _node.Files.Single(path => path.Contains(chunk.ToString(), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Delete_Twice_ReportsWhatWasThere()
    {
        var chunk = await _node.PutAsync(TestBytes.Make(8, 10));

        Assert.True(await _node.Client.DeleteAsync(chunk, default));
        Assert.False(await _node.Client.DeleteAsync(chunk, default));
        Assert.Empty(await _node.Client.ListAsync(default).ToListAsync());
        Assert.Empty(await _node.Client.ListFilesAsync(default).ToListAsync());
    }

    [Fact]
    public async Task Copy_FromAnotherNode_BringsBytesAndChecksums()
    {
        await using var source = await TestNode.StartAsync(directTransfers: directTransfers);
        var bytes = TestBytes.Make(9, 2_000_000);
        var chunk = await source.PutAsync(bytes);
        _node.Sources =
        [
            new ClusterServer(source.Id, "source", source.Address, ServerStatus.Online, 0, 0, 0, Cluster: source.Cluster),
        ];

        await _node.Client.CopyAsync(chunk, source.Id, default);
        await _node.Client.CopyAsync(chunk, source.Id, default);

        Assert.Equal(bytes, await _node.GetAsync(chunk, 0, bytes.Length));
        Assert.Equal(await File.ReadAllBytesAsync(source.Files[0]), await File.ReadAllBytesAsync(Assert.Single(_node.Files)));
        await AssertErrorAsync(ChunkNodeError.NotFound, () =>
            _node.Client.CopyAsync(ChunkId.New(TimeProvider.System), source.Id, default));
    }

    [Fact]
    public async Task Health_BeforeRegistration_IsNotServingAndUnknownServicesAreNotFound()
    {
        using var channel = _node.OpenChannel();
        var health = new Health.HealthClient(channel);

        Assert.False(await _node.Client.IsServingAsync(default));
        Assert.Equal(
            HealthCheckResponse.Types.ServingStatus.NotServing,
            (await health.CheckAsync(new HealthCheckRequest { Service = ChunkStoreMethods.ServiceName })).Status);
        var error = await Assert.ThrowsAsync<Grpc.Core.RpcException>(async () =>
            await health.CheckAsync(new HealthCheckRequest { Service = "other" }));
        Assert.Equal(Grpc.Core.StatusCode.NotFound, error.StatusCode);
    }

    [Fact]
    public async Task Put_ManyAtOnce_AllComeBack()
    {
        var chunks = await Task.WhenAll(Enumerable.Range(0, 64).Select(i => _node.PutAsync(TestBytes.Make(i, 300_000 + i))));

        var read = await Task.WhenAll(chunks.Select((chunk, i) => _node.GetAsync(chunk, 0, 300_000 + i)));

        Assert.All(read.Index(), item => Assert.True(item.Item.AsSpan().SequenceEqual(TestBytes.Make(item.Index, 300_000 + item.Index))));
    }

    private static async Task AssertErrorAsync(ChunkNodeError expected, Func<Task> action) =>
        Assert.Equal(expected, (await Assert.ThrowsAsync<ChunkNodeException>(action)).Error);

    private Task<ChunkCopy> BeginAsync() =>
        _node.Client.BeginPutAsync(ChunkId.New(TimeProvider.System), FileId.New(TimeProvider.System), null, default);
}
