using System.Security.Cryptography;
using MediaAspire.Core.Checksums;
using MediaAspire.Core.Chunks;
using MediaAspire.Core.Ids;
using MediaAspire.Storage.Chunks;
using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Storage;

public sealed partial class ChunkStoreTests : IDisposable
{
    private readonly TestStore _test = new();

    public void Dispose() => _test.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(65_535)]
    [InlineData(65_536)]
    [InlineData(65_537)]
    [InlineData(BlockFormat.DefaultRunBytes + 1)]
    [InlineData(3_000_001)]
    [InlineData(4 * 1024 * 1024)]
    [InlineData((1024 * 1024) + 4096)]
    public async Task Seal_AnySize_ReadsBackAfterARestart(int size)
    {
        var bytes = TestBytes.Make(1, size);
        var chunk = await _test.PutAsync(bytes);

        _test.Reopen();

        Assert.Equal(bytes, await _test.GetAsync(chunk, 0, size));
        Assert.Equal(size, (await _test.Store.StatAsync(chunk, default)).Size);
        Assert.Equal((1, size + ChunkFooter.BytesFor(size)), (_test.Store.Count, _test.Store.UsedBytes));
    }

    [Fact]
    public async Task Open_ChunksInDirectoriesOfThreeDigits_AreFoundAndMoved()
    {
        var bytes = TestBytes.Make(7, 70_000);
        var chunk = await _test.PutAsync(bytes);
        var path = Assert.Single(_test.Files);
        var old = Path.Combine(Path.GetDirectoryName(path)!, "..", chunk.ToString()[^3..]);
        Directory.CreateDirectory(old);
        File.Move(path, Path.Combine(old, Path.GetFileName(path)));

        _test.Reopen();

        Assert.Equal(bytes, await _test.GetAsync(chunk, 0, bytes.Length));
        Assert.Equal(1, _test.Store.Count);
        Assert.Equal(path, Assert.Single(_test.Files));
        Assert.False(Directory.Exists(old));
    }

    [Fact]
    public async Task Seal_Always_LeavesTheRawBytesAtTheStartOfTheFile()
    {
        var bytes = TestBytes.Make(2, 200_000);
        await _test.PutAsync(bytes);

        var file = await File.ReadAllBytesAsync(Assert.Single(_test.Files));

        Assert.Equal(bytes, file.AsSpan(0, bytes.Length));
        Assert.Equal(ChunkFooter.BytesFor(bytes.Length), file.Length - bytes.Length);
    }

    [Theory]
    [InlineData(0, 1, 0, 65_536)]
    [InlineData(65_535, 1, 0, 65_536)]
    [InlineData(65_535, 2, 0, 131_072)]
    [InlineData(199_999, 1, 196_608, 3_392)]
    [InlineData(70_000, 60_000, 65_536, 65_536)]
    [InlineData(0, 0, 0, 0)]
    [InlineData(200_000, 0, 0, 0)]
    public async Task Read_Range_GivesTheWholeBlocksThatCoverIt(long offset, long length, int from, int count)
    {
        var bytes = TestBytes.Make(3, 200_000);
        var chunk = await _test.PutAsync(bytes);

        Assert.Equal(bytes[from..(from + count)], await _test.GetAsync(chunk, offset, length));
    }

    [Theory]
    [InlineData(0, 200_001)]
    [InlineData(200_001, 0)]
    [InlineData(-1, 1)]
    [InlineData(0, -1)]
    [InlineData(1, long.MaxValue)]
    public async Task Read_RangeBeyondTheChunk_IsOutOfRange(long offset, long length)
    {
        var chunk = await _test.PutAsync(TestBytes.Make(3, 200_000));

        await AssertErrorAsync(ChunkStoreError.OutOfRange, () => _test.GetAsync(chunk, offset, length));
    }

    [Fact]
    public async Task Read_AnySingleBitOfTheFileFlipped_IsNeverServed()
    {
        var chunk = await _test.PutAsync(TestBytes.Make(4, 300));
        var path = Assert.Single(_test.Files);
        var file = await File.ReadAllBytesAsync(path);

        for (var bit = 0; bit < file.Length * 8; bit++)
        {
            file[bit / 8] ^= (byte)(1 << (bit % 8));
            await File.WriteAllBytesAsync(path, file);
            file[bit / 8] ^= (byte)(1 << (bit % 8));

            await AssertErrorAsync(ChunkStoreError.Corrupt, () => _test.GetAsync(chunk, 0, 300));
        }
    }

    [Fact]
    public async Task Read_AnyTruncationOfTheFile_IsNeverServed()
    {
        var chunk = await _test.PutAsync(TestBytes.Make(5, 300));
        var path = Assert.Single(_test.Files);
        var file = await File.ReadAllBytesAsync(path);

        for (var length = 0; length < file.Length; length++)
        {
            await File.WriteAllBytesAsync(path, file[..length]);

            await AssertErrorAsync(ChunkStoreError.Corrupt, () => _test.GetAsync(chunk, 0, 300));
        }
    }

    [Fact]
    public async Task Read_FileOfAnotherChunk_IsNeverServed()
    {
        var one = await _test.PutAsync(TestBytes.Make(6, 300));
        var other = ChunkId.New(TimeProvider.System);
        var path = Assert.Single(_test.Files).Replace(one.ToString(), other.ToString(), StringComparison.Ordinal);
        path = Path.Combine(Path.GetDirectoryName(path)!, "..", other.ToString()[^2..], Path.GetFileName(path));
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.Copy(_test.Files[0], path);

        await AssertErrorAsync(ChunkStoreError.Corrupt, () => _test.GetAsync(other, 0, 300));
    }

    [Fact]
    public async Task Read_OneBlockDamaged_ServesTheOthers()
    {
        var bytes = TestBytes.Make(7, 3 * BlockFormat.BlockSize);
        var chunk = await _test.PutAsync(bytes);
        FlipBit(Assert.Single(_test.Files), BlockFormat.BlockSize + 5);

        Assert.Equal(bytes[..BlockFormat.BlockSize], await _test.GetAsync(chunk, 0, BlockFormat.BlockSize));
        Assert.Equal(bytes[(2 * BlockFormat.BlockSize)..], await _test.GetAsync(chunk, 2 * BlockFormat.BlockSize, 1));
        await AssertErrorAsync(ChunkStoreError.Corrupt, () => _test.GetAsync(chunk, 0, bytes.Length));
    }

    [Fact]
    public async Task Append_OffsetThatIsNotDue_IsInvalidAndNothingIsKept()
    {
        using (var write = Begin())
        using (var first = Runs.Make(1, 0, BlockFormat.BlockSize))
        using (var gap = Runs.Make(1, 2 * BlockFormat.BlockSize, 10))
        {
            await write.AppendAsync(first, default);
            await AssertErrorAsync(ChunkStoreError.Invalid, () => write.AppendAsync(gap, default));
        }

        AssertNothingKept();
    }

    [Fact]
    public async Task Append_AfterAShortBlock_IsInvalid()
    {
        using var write = Begin();
        using var shortBlock = Runs.Make(1, 0, 10);
        using var next = Runs.Make(1, BlockFormat.BlockSize, 10);
        await write.AppendAsync(shortBlock, default);

        await AssertErrorAsync(ChunkStoreError.Invalid, () => write.AppendAsync(next, default));
    }

    [Fact]
    public async Task Append_ChecksumOfOtherBytes_IsCorruptAndNothingIsKept()
    {
        using (var write = Begin())
        using (var run = Runs.MakeDamaged(0, TestBytes.Make(1, 10)))
        {
            await AssertErrorAsync(ChunkStoreError.Corrupt, () => write.AppendAsync(run, default));
        }

        AssertNothingKept();
    }

    [Fact]
    public async Task Append_MoreThanAnnounced_IsInvalid()
    {
        using var write = Begin(expectedSize: 9);
        using var run = Runs.Make(1, 0, 10);

        await AssertErrorAsync(ChunkStoreError.Invalid, () => write.AppendAsync(run, default));
    }

    [Theory]
    [InlineData(null, 9)]
    [InlineData(null, 11)]
    [InlineData(12, 10)]
    public async Task Seal_SizeDiffers_IsInvalidAndNothingIsKept(int? expectedSize, long sealedSize)
    {
        using (var write = Begin(expectedSize))
        using (var run = Runs.Make(1, 0, 10))
        {
            await write.AppendAsync(run, default);
            await AssertErrorAsync(ChunkStoreError.Invalid, () => write.SealAsync(sealedSize, Sha256Digest.OfNothing, default));
        }

        AssertNothingKept();
    }

    [Fact]
    public async Task Seal_SameBytesAgain_SucceedsAndKeepsOne()
    {
        var bytes = TestBytes.Make(8, 1000);
        var chunk = await _test.PutAsync(bytes);

        await _test.PutAsync(bytes, chunk);

        Assert.Equal(1, _test.Store.Count);
        Assert.Empty(Directory.GetFiles(_test.Incoming));
        Assert.Equal(bytes, await _test.GetAsync(chunk, 0, 1000));
    }

    [Fact]
    public async Task Seal_OtherBytesUnderTheSameId_AlreadyExistsAndKeepsTheFirst()
    {
        var bytes = TestBytes.Make(9, 1000);
        var chunk = await _test.PutAsync(bytes);

        await AssertErrorAsync(ChunkStoreError.AlreadyExists, () => _test.PutAsync(TestBytes.Make(10, 1000), chunk));

        Assert.Equal(bytes, await _test.GetAsync(chunk, 0, 1000));
        Assert.Empty(Directory.GetFiles(_test.Incoming));
    }

    [Fact]
    public async Task Seal_SameChunkByManyAtOnce_KeepsOne()
    {
        var bytes = TestBytes.Make(11, 100_000);
        var chunk = ChunkId.New(TimeProvider.System);

        await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() => _test.PutAsync(bytes, chunk))));

        Assert.Equal((1, 1), (_test.Store.Count, _test.Files.Length));
        Assert.Empty(Directory.GetFiles(_test.Incoming));
    }

    [Fact]
    public async Task Open_ChunksLeftUnfinished_DropsThem()
    {
        var write = Begin();
        using var run = Runs.Make(1, 0, 10);
        await write.AppendAsync(run, default);
        Assert.Single(Directory.GetFiles(_test.Incoming));

        _test.Reopen();

        Assert.Empty(Directory.GetFiles(_test.Incoming));
    }

    [Fact]
    public async Task Delete_Chunk_IsGoneAtOnceAndIdempotent()
    {
        var chunk = await _test.PutAsync(TestBytes.Make(12, 1000));
        await _test.GetAsync(chunk, 0, 1000);

        Assert.True(_test.Store.Delete(chunk));
        Assert.False(_test.Store.Delete(chunk));

        await AssertErrorAsync(ChunkStoreError.NotFound, () => _test.GetAsync(chunk, 0, 1000));
        Assert.Equal((0, 0), (_test.Store.Count, _test.Store.UsedBytes));
        Assert.Empty(_test.Files);
    }

    [Fact]
    public async Task Delete_WhileItIsWritten_TheWriteNeverEnds()
    {
        var bytes = TestBytes.Make(4, 5000);
        var chunk = ChunkId.New(TimeProvider.System);
        var other = ChunkId.New(TimeProvider.System);
        using (var write = _test.Store.Begin(chunk, FileId.New(TimeProvider.System), bytes.Length))
        using (var run = Runs.Make(0, bytes))
        {
            await write.AppendAsync(run, default);

            Assert.False(_test.Store.Delete(chunk));
            Assert.False(_test.Store.Delete(other));

            await Assert.ThrowsAsync<ChunkStoreException>(
                () => write.SealAsync(bytes.Length, new Sha256Digest(SHA256.HashData(bytes)), default));
        }

        Assert.Empty(_test.Files);
        Assert.Empty(Directory.GetFiles(_test.Incoming));

        // A deletion before a write begins does not affect the write.
        await _test.PutAsync(bytes, other);
        Assert.Single(_test.Files);
    }

    [Fact]
    public async Task Delete_WhileItIsRead_LetsTheReaderFinish()
    {
        var bytes = TestBytes.Make(13, 2_000_000);
        var chunk = await _test.PutAsync(bytes);
        using var read = new MemoryStream();

        await foreach (var run in _test.Store.ReadAsync(chunk, 0, bytes.Length, default))
        {
            _test.Store.Delete(chunk);
            read.Write(run.Data.Span);
            run.Dispose();
        }

        Assert.Equal(bytes, read.ToArray());
    }

    [Fact]
    public async Task List_SomeChunks_GivesEveryIntactOneAndTellsTheDamagedOnes()
    {
        var (file, bytes) = (FileId.New(TimeProvider.System), TestBytes.Make(14, 70_000));
        var chunks = new[] { await _test.PutAsync(bytes, file: file), await _test.PutAsync(bytes, file: file) };
        var damaged = await _test.PutAsync(bytes, file: file);
        FlipBit(_test.Files.Single(path => path.Contains(damaged.ToString(), StringComparison.Ordinal)), offset: 70_001);

        var listed = await _test.Store.ListAsync(default).ToListAsync();

        var intact = listed.Where(entry => entry.Info is not null).Select(entry => entry.Info!).ToList();
        Assert.Equal(chunks.OrderBy(id => id.Value), intact.Select(info => info.Chunk).OrderBy(id => id.Value));
        Assert.All(intact, info => Assert.Equal((file, 70_000), (info.File, info.Size)));
        Assert.All(intact, info => Assert.Equal(SHA256.HashData(bytes), info.Sha256.ToArray()));
        Assert.Equal(damaged, Assert.Single(listed, entry => entry.Info is null).Chunk);
    }

    [Fact]
    public async Task Verify_IntactDamagedTornAndWronglySealed_TellsThemApart()
    {
        var verifier = new ChunkVerifier(_test.Store, TimeProvider.System);
        var chunk = await _test.PutAsync(TestBytes.Make(15, 200_000));
        Assert.True((await verifier.VerifyAsync(chunk, 0, default)).IsIntact);

        FlipBit(_test.Files[0], offset: 70_000);
        var damaged = await verifier.VerifyAsync(chunk, 0, default);
        Assert.False(damaged.IsIntact);
        Assert.Equal([65_536], damaged.BadBlocks);

        await File.WriteAllBytesAsync(_test.Files[0], new byte[10]);
        Assert.Contains("footer", (await verifier.VerifyAsync(chunk, 0, default)).Reason, StringComparison.Ordinal);

        var wrong = ChunkId.New(TimeProvider.System);
        using (var write = _test.Store.Begin(wrong, FileId.New(TimeProvider.System), null))
        using (var run = Runs.Make(1, 0, 10))
        {
            await write.AppendAsync(run, default);
            await write.SealAsync(10, Sha256Digest.OfNothing, default);
        }

        Assert.Contains("SHA-256", (await verifier.VerifyAsync(wrong, 0, default)).Reason, StringComparison.Ordinal);
        await AssertErrorAsync(ChunkStoreError.NotFound, () => verifier.VerifyAsync(ChunkId.New(TimeProvider.System), 0, default));
    }

    [Fact]
    public void Begin_WouldTouchTheReserve_IsNoSpaceAndNothingIsKept()
    {
        using var full = new TestStore(reserve: long.MaxValue / 2);

        var error = Assert.Throws<ChunkStoreException>(() =>
            full.Store.Begin(ChunkId.New(TimeProvider.System), FileId.New(TimeProvider.System), null));

        Assert.Equal(ChunkStoreError.NoSpace, error.Error);
        Assert.Empty(Directory.GetFiles(full.Incoming));
    }

    private static async Task AssertErrorAsync(ChunkStoreError expected, Func<Task> action) =>
        Assert.Equal(expected, (await Assert.ThrowsAsync<ChunkStoreException>(action)).Error);

    private static void FlipBit(string path, long offset)
    {
        using var file = File.Open(path, FileMode.Open);
        file.Position = offset;
        var value = file.ReadByte();
        file.Position = offset;
        file.WriteByte((byte)(value ^ 0x10));
    }

    private ChunkWrite Begin(long? expectedSize = null) =>
        _test.Store.Begin(ChunkId.New(TimeProvider.System), FileId.New(TimeProvider.System), expectedSize);

    private void AssertNothingKept()
    {
        Assert.Empty(_test.Files);
        Assert.Empty(Directory.GetFiles(_test.Incoming));
    }
}
