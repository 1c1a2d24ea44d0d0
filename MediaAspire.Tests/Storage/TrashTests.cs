using System.Security.Cryptography;
using MediaAspire.Core.Checksums;
using MediaAspire.Core.Cluster;
using MediaAspire.Core.Ids;
using MediaAspire.Storage.Chunks;
using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Storage;

public sealed class TrashTests
{
    private const int Size = 100_000;

    private static readonly long s_file = Size + ChunkFooter.BytesFor(Size);
    private static readonly TimeSpan s_retention = TimeSpan.FromDays(7);

    [Fact]
    public async Task MoveToTrash_Chunk_IsGoneForReadersAndKeptWithItsReason()
    {
        using var test = new TestStore(capacity: 10 * s_file, yields: false);
        var chunk = await test.PutAsync(TestBytes.Make(1, Size));
        await test.GetAsync(chunk, 0, Size);

        Assert.True(test.Store.MoveToTrash(chunk, TrashReason.Unknown, TestStore.Mark));
        Assert.False(test.Store.MoveToTrash(chunk, TrashReason.Unknown, TestStore.Mark));

        await AssertErrorAsync(ChunkStoreError.NotFound, () => test.GetAsync(chunk, 0, Size));
        AssertTrash(test, 1);
        test.Reopen();
        AssertTrash(test, 1);
        var entry = Assert.Single(test.Store.ListTrash(after: null, limit: 10));
        Assert.Equal((chunk, TrashReason.Unknown, s_file), (entry.Name.Chunk, entry.Name.Reason, entry.Bytes));
        Assert.InRange(test.Store.RemainingOf(entry), s_retention - TimeSpan.FromMinutes(1), s_retention);
        Assert.Equal(9 * s_file, test.Store.AvailableBytes);

        void AssertTrash(TestStore store, long files)
        {
            Assert.Empty(store.Files);
            Assert.Equal(files, store.Trashed.Length);
            Assert.Equal(
                (0, files, files * s_file, files * s_file),
                (store.Store.Count, store.Store.TrashCount, store.Store.TrashBytes, store.Store.UsedBytes));
        }
    }

    [Fact]
    public async Task MoveToTrash_WithoutRetention_DeletesAtOnce()
    {
        using var test = new TestStore(retention: TimeSpan.Zero);
        var chunk = await test.PutAsync(TestBytes.Make(1, Size));

        Assert.True(test.Store.MoveToTrash(chunk, TrashReason.Removed, TestStore.Mark));

        Assert.Empty(test.Files);
        Assert.Empty(test.Trashed);
        Assert.Equal(0, test.Store.UsedBytes);
    }

    [Fact]
    public async Task MoveToTrash_WhileItIsWritten_TheWriteNeverEnds()
    {
        using var test = new TestStore();
        var (chunk, bytes) = (ChunkId.New(TimeProvider.System), TestBytes.Make(2, 1000));
        using var write = test.Store.Begin(chunk, FileId.New(TimeProvider.System), bytes.Length);
        await AppendAsync(write, bytes);

        Assert.False(test.Store.MoveToTrash(chunk, TrashReason.Removed, TestStore.Mark));

        await Assert.ThrowsAsync<ChunkStoreException>(() => SealAsync(write, bytes));
    }

    [Fact]
    public async Task MoveToTrash_DecidedByADatabaseThatIsOlderThanTheNodeKnows_TakesNothing()
    {
        using var test = new TestStore();
        var chunk = await test.PutAsync(TestBytes.Make(1, Size));

        AssertFenced(new HeartbeatMark(2, 10));
        AssertFenced(new HeartbeatMark(0, 10));
        test.Reopen();
        test.Fence.Confirm(new HeartbeatMark(2, 1), isRestoreOpen: false);
        AssertFenced(TestStore.Mark);

        Assert.Single(test.Files);
        Assert.True(test.Store.MoveToTrash(chunk, TrashReason.Removed, new HeartbeatMark(2, 1)));

        void AssertFenced(HeartbeatMark mark) => Assert.Equal(
            ChunkStoreError.Fenced,
            Assert.Throws<ChunkStoreException>(() => test.Store.MoveToTrash(chunk, TrashReason.Removed, mark)).Error);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Open_AfterACrashBetweenTheMoveAndItsFlush_HasTheChunkAtOnePlace(bool moveIsLost)
    {
        using var test = new TestStore();
        var bytes = TestBytes.Make(1, Size);
        var chunk = await test.PutAsync(bytes);
        var before = Assert.Single(test.Files);
        test.Store.MoveToTrash(chunk, TrashReason.Removed, TestStore.Mark);
        if (moveIsLost)
        {
            // A rename is atomic: after a power loss, the file has the one name or the other.
            File.Move(Assert.Single(test.Trashed), before);
        }

        test.Reopen();

        Assert.Equal(1, test.Store.Count + test.Store.TrashCount);
        Assert.Equal(moveIsLost, test.Store.MoveToTrash(chunk, TrashReason.Removed, TestStore.Mark));
        var entry = Assert.Single(test.Store.ListTrash(after: null, limit: 10));
        Assert.Equal(TrashRestoration.Restored, await test.Store.RestoreAsync(entry.Name, default));
        Assert.Equal(bytes, await test.GetAsync(chunk, 0, Size));
    }

    [Fact]
    public async Task Restore_Chunk_IsWholeCountsAsYoungAndSurvivesARestart()
    {
        using var test = new TestStore();
        var bytes = TestBytes.Make(1, Size);
        var chunk = await test.PutAsync(bytes);
        File.SetLastWriteTimeUtc(Assert.Single(test.Files), DateTime.UnixEpoch);
        test.Store.MoveToTrash(chunk, TrashReason.Removed, TestStore.Mark);
        var entry = Assert.Single(test.Store.ListTrash(after: null, limit: 10));

        Assert.Equal(TrashRestoration.Restored, await test.Store.RestoreAsync(entry.Name, default));

        await AssertErrorAsync(ChunkStoreError.NotFound, () => test.Store.RestoreAsync(entry.Name, default));
        Assert.Equal(bytes, await test.GetAsync(chunk, 0, Size));
        var age = TimeProvider.System.GetUtcNow() - File.GetLastWriteTimeUtc(Assert.Single(test.Files));
        Assert.InRange(age, TimeSpan.FromMinutes(-1), TimeSpan.FromMinutes(1));
        test.Reopen();
        Assert.Equal((1, 0, s_file), (test.Store.Count, test.Store.TrashCount, test.Store.UsedBytes));
    }

    [Fact]
    public async Task Restore_DamagedFooter_StaysInTheTrash()
    {
        using var test = new TestStore();
        var chunk = await test.PutAsync(TestBytes.Make(1, Size));
        test.Store.MoveToTrash(chunk, TrashReason.Removed, TestStore.Mark);
        using (var file = File.OpenWrite(Assert.Single(test.Trashed)))
        {
            file.SetLength(file.Length - 7);
        }

        var entry = Assert.Single(test.Store.ListTrash(after: null, limit: 10));

        await AssertErrorAsync(ChunkStoreError.Corrupt, () => test.Store.RestoreAsync(entry.Name, default));
        Assert.Single(test.Trashed);
        Assert.Empty(test.Files);
    }

    [Fact]
    public async Task Restore_ChunkThatWasWrittenAgain_LeavesBoth()
    {
        using var test = new TestStore();
        var (bytes, file) = (TestBytes.Make(1, Size), FileId.New(TimeProvider.System));
        var chunk = await test.PutAsync(bytes, file: file);
        test.Store.MoveToTrash(chunk, TrashReason.Removed, TestStore.Mark);
        await test.PutAsync(bytes, chunk, file);

        var entry = Assert.Single(test.Store.ListTrash(after: null, limit: 10));
        Assert.Equal(TrashRestoration.AlreadyThere, await test.Store.RestoreAsync(entry.Name, default));

        // Taken twice, it is there twice, under different names.
        test.Store.MoveToTrash(chunk, TrashReason.Removed, TestStore.Mark);
        Assert.Equal(2, test.Trashed.Length);
        Assert.Equal(2 * s_file, test.Store.TrashBytes);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Restore_WhileTheChunkIsWritten_TheWriteIsComparedWithIt(bool sameBytes)
    {
        using var test = new TestStore();
        var (bytes, file) = (TestBytes.Make(1, Size), FileId.New(TimeProvider.System));
        var chunk = await test.PutAsync(bytes, file: file);
        test.Store.MoveToTrash(chunk, TrashReason.Removed, TestStore.Mark);
        var entry = Assert.Single(test.Store.ListTrash(after: null, limit: 10));
        var written = sameBytes ? bytes : TestBytes.Make(2, Size);
        using var write = test.Store.Begin(chunk, file, Size);
        await AppendAsync(write, written);

        Assert.Equal(TrashRestoration.Restored, await test.Store.RestoreAsync(entry.Name, default));

        if (sameBytes)
        {
            await SealAsync(write, written);
        }
        else
        {
            await AssertErrorAsync(ChunkStoreError.AlreadyExists, () => SealAsync(write, written));
        }

        Assert.Equal(bytes, await test.GetAsync(chunk, 0, Size));
        Assert.Equal((1, s_file), (test.Store.Count, test.Store.UsedBytes));
    }

    [Fact]
    public async Task AgeTrash_ByTheRunningTimeOfTheNode_DeletesWhatIsOldWhateverTheDatesSay()
    {
        var time = new ManualTime();
        using var test = new TestStore(time: time);
        await TrashAsync(test, seed: 1);
        File.SetLastWriteTimeUtc(test.Trashed[0], TimeProvider.System.GetUtcNow().UtcDateTime.AddYears(10));
        time.Advance(TimeSpan.FromDays(3));
        test.Store.AgeTrash(default);
        var younger = await TrashAsync(test, seed: 2);
        File.SetLastWriteTimeUtc(test.Trashed.Single(path => path.Contains($"{younger}", StringComparison.Ordinal)), DateTime.UnixEpoch);

        time.Advance(TimeSpan.FromDays(3.9));
        Assert.Equal((0, 0), test.Store.AgeTrash(default));
        test.Store.SaveTrashClock();

        // The time of another process counts on, however long the node was down.
        test.Reopen();
        time.Advance(TimeSpan.FromDays(0.2));
        Assert.Equal((1, s_file), test.Store.AgeTrash(default));
        Assert.Equal(younger, Assert.Single(test.Store.ListTrash(after: null, limit: 10)).Name.Chunk);
        time.Advance(TimeSpan.FromDays(3));
        Assert.Equal((1, s_file), test.Store.AgeTrash(default));
        Assert.Equal((0, 0), (test.Store.TrashCount, test.Store.UsedBytes));
        Assert.Empty(Directory.GetDirectories(test.Trash));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("garbage")]
    [InlineData("99999999999999999999999999")]
    public async Task Open_TrashClockLost_KeepsTheTrashForItsWholeTime(string? text)
    {
        var time = new ManualTime();
        using var test = new TestStore(time: time);
        time.Advance(TimeSpan.FromDays(30));
        await TrashAsync(test, seed: 1);
        test.Store.SaveTrashClock();
        var clock = Path.Combine(test.Trash, "clock");
        File.Delete(clock);
        if (text is not null)
        {
            await File.WriteAllTextAsync(clock, text);
        }

        test.Reopen();

        Assert.Equal(s_retention, test.Store.RemainingOf(Assert.Single(test.Store.ListTrash(after: null, limit: 10))));
        time.Advance(s_retention);
        Assert.Equal((1, s_file), test.Store.AgeTrash(default));
    }

    [Fact]
    public async Task AgeTrash_WhileARestoreIsOpen_NeitherDeletesNorAges()
    {
        var time = new ManualTime();
        using var test = new TestStore(capacity: 2 * s_file, time: time);
        await TrashAsync(test, seed: 1);
        await TrashAsync(test, seed: 2);
        test.Fence.Confirm(TestStore.Mark, isRestoreOpen: true);
        test.Store.AgeTrash(default);
        time.Advance(TimeSpan.FromDays(30));

        Assert.Equal((0, 0), test.Store.AgeTrash(default));
        Assert.Equal(0, test.Store.AvailableBytes);
        Assert.Equal(
            ChunkStoreError.Fenced, Assert.Throws<ChunkStoreException>(() => test.Store.EmptyTrash(TimeSpan.Zero, default)).Error);
        await AssertErrorAsync(ChunkStoreError.NoSpace, () => test.PutAsync(TestBytes.Make(3, Size)));
        Assert.Equal(2, test.Trashed.Length);

        test.Fence.Confirm(TestStore.Mark, isRestoreOpen: false);
        Assert.Equal((0, 0), test.Store.AgeTrash(default));
        time.Advance(s_retention + TimeSpan.FromSeconds(1));
        Assert.Equal((2, 2 * s_file), test.Store.AgeTrash(default));
    }

    [Fact]
    public async Task Begin_SpaceIsShort_TakesTheOldestOfTheTrash()
    {
        using var test = new TestStore(capacity: 4 * s_file);
        var kept = await test.PutAsync(TestBytes.Make(9, Size));
        var trashed = new[] { await TrashAsync(test, seed: 1), await TrashAsync(test, seed: 2), await TrashAsync(test, seed: 3) };
        Assert.Equal((4 * s_file, 3 * s_file), (test.Store.UsedBytes, test.Store.AvailableBytes));

        await test.PutAsync(TestBytes.Make(4, Size));

        Assert.Equal(trashed[1..], test.Store.ListTrash(after: null, limit: 10).Select(entry => entry.Name.Chunk));
        Assert.Equal(2 * s_file, test.Store.AvailableBytes);
        await test.PutAsync(TestBytes.Make(5, Size));
        await test.PutAsync(TestBytes.Make(6, Size));
        Assert.Empty(test.Trashed);
        await AssertErrorAsync(ChunkStoreError.NoSpace, () => test.PutAsync(TestBytes.Make(7, Size)));
        Assert.Equal(TestBytes.Make(9, Size), await test.GetAsync(kept, 0, Size));
    }

    [Fact]
    public async Task Begin_SpaceIsShortAndTheTrashDoesNotYield_IsNoSpace()
    {
        using var test = new TestStore(capacity: 2 * s_file, yields: false);
        await TrashAsync(test, seed: 1);
        await TrashAsync(test, seed: 2);

        Assert.Equal(0, test.Store.AvailableBytes);
        await AssertErrorAsync(ChunkStoreError.NoSpace, () => test.PutAsync(TestBytes.Make(3, Size)));

        Assert.Equal(2, test.Trashed.Length);
        Assert.Equal((2, 2 * s_file), test.Store.EmptyTrash(TimeSpan.Zero, default));
        await test.PutAsync(TestBytes.Make(3, Size));
    }

    [Fact]
    public async Task ListTrash_PageByPage_GivesEachFileOnceByAge()
    {
        var time = new ManualTime();
        using var test = new TestStore(time: time);
        var chunks = new List<ChunkId>();
        for (var seed = 0; seed < 7; seed++)
        {
            chunks.Add(await TrashAsync(test, seed));
            time.Advance(TimeSpan.FromMinutes(40 * (seed % 2)));
        }

        var listed = new List<ChunkId>();
        TrashName? after = null;
        while (test.Store.ListTrash(after, limit: 2) is { Count: > 0 } page)
        {
            listed.AddRange(page.Select(entry => entry.Name.Chunk));
            after = page[^1].Name;
        }

        Assert.Equal(chunks, listed);
    }

    [Fact]
    public async Task Trash_MovesRestoresAndWritesSideBySide_LoseNoChunkAndCountEachOnce()
    {
        using var test = new TestStore(capacity: 40 * s_file);
        var file = FileId.New(TimeProvider.System);
        var chunks = Enumerable.Range(0, 8).Select(_ => ChunkId.New(TimeProvider.System)).ToArray();
        await Task.WhenAll(chunks.Select((chunk, seed) => Task.Run(async () =>
        {
            var bytes = TestBytes.Make(seed, Size);
            for (var round = 0; round < 5; round++)
            {
                await test.PutAsync(bytes, chunk, file);
                await Task.WhenAll(
                    Task.Run(() => test.Store.MoveToTrash(chunk, TrashReason.Removed, TestStore.Mark)),
                    Task.Run(async () =>
                    {
                        foreach (var entry in test.Store.ListTrash(after: null, limit: 100).Where(entry => entry.Name.Chunk == chunk))
                        {
                            await test.Store.RestoreAsync(entry.Name, default);
                        }
                    }));
            }
        })));

        Assert.All(chunks, chunk => Assert.Contains(
            test.Files.Concat(test.Trashed), path => path.Contains($"{chunk}", StringComparison.Ordinal)));
        Assert.Equal(
            (test.Files.Length, test.Trashed.Length, (test.Files.Length + test.Trashed.Length) * s_file),
            (test.Store.Count, test.Store.TrashCount, test.Store.UsedBytes));
        var (count, trashed) = (test.Store.Count, test.Store.TrashCount);
        test.Reopen();
        Assert.Equal((count, trashed), (test.Store.Count, test.Store.TrashCount));
    }

    private static async Task<ChunkId> TrashAsync(TestStore test, int seed)
    {
        var chunk = await test.PutAsync(TestBytes.Make(seed, Size));
        Assert.True(test.Store.MoveToTrash(chunk, TrashReason.Removed, TestStore.Mark));
        return chunk;
    }

    private static async Task AppendAsync(ChunkWrite write, byte[] bytes)
    {
        foreach (var run in Runs.Cut(bytes))
        {
            using (run)
            {
                await write.AppendAsync(run, default);
            }
        }
    }

    private static Task SealAsync(ChunkWrite write, byte[] bytes) =>
        write.SealAsync(bytes.Length, new Sha256Digest(SHA256.HashData(bytes)), default);

    private static async Task AssertErrorAsync(ChunkStoreError error, Func<Task> act) =>
        Assert.Equal(error, (await Assert.ThrowsAsync<ChunkStoreException>(act)).Error);
}
