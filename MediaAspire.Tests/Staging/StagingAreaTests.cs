using MediaAspire.Core.Ids;
using MediaAspire.Core.Staging;
using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Staging;

public sealed class StagingAreaTests
{
    private const int Piece = StagingArea.PieceBytes;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(Piece - 1)]
    [InlineData(Piece)]
    [InlineData(Piece + 1)]
    [InlineData((40 * Piece) + 7)]
    public async Task Read_OfWhatWasWritten_IsTheSameFromAnyOffset(int size)
    {
        await using var staging = await StagingHarness.StartAsync();
        var bytes = TestBytes.Make(size, size);

        var value = await staging.StageAsync(bytes);

        Assert.Equal(size, value.Size);
        Assert.Equal(TestBytes.Sha256(bytes), value.Sha256.ToString());
        foreach (var offset in new[] { 0, size / 2, Math.Max(size - 1, 0), size })
        {
            Assert.Equal(bytes[offset..], await staging.ReadAsync(value.Id, size, offset));
        }
    }

    [Fact]
    public async Task Free_LeavesNothingAndMayBeRepeated()
    {
        await using var staging = await StagingHarness.StartAsync();
        var first = await staging.StageAsync(TestBytes.Make(1, 5 * Piece));
        var second = await staging.StageAsync(TestBytes.Make(2, 100));
        Assert.Equal((5 * Piece) + 100, (await staging.Area.MeasureAsync(CancellationToken.None)).Bytes);

        Assert.True(await staging.Area.FreeAsync(first.Id, CancellationToken.None));
        Assert.False(await staging.Area.FreeAsync(first.Id, CancellationToken.None));

        Assert.Equal(100, (await staging.Area.MeasureAsync(CancellationToken.None)).Bytes);
        Assert.True(await staging.Area.FreeAsync(second.Id, CancellationToken.None));
        await staging.AssertEmptyAsync();
    }

    [Fact]
    public async Task Dispose_WithoutKeep_FreesWhatCameIn()
    {
        await using var staging = await StagingHarness.StartAsync();

        await using (var writer = staging.Area.Create())
        {
            await writer.WriteAsync(TestBytes.Make(1, 30 * Piece), CancellationToken.None);
        }

        await staging.AssertEmptyAsync();
    }

    [Fact]
    public async Task Append_Repeated_CountsOnce()
    {
        await using var staging = await StagingHarness.StartAsync();
        var value = await staging.StageAsync(TestBytes.Make(1, 100));

        await staging.Area.AppendAsync(value.Id, 0, TestBytes.Make(1, 100), CancellationToken.None);

        Assert.Equal(100, (await staging.Area.MeasureAsync(CancellationToken.None)).Bytes);
    }

    [Fact]
    public async Task Write_BeyondTheBound_IsRefusedAndLeavesRoomAgain()
    {
        await using var staging = await StagingHarness.StartAsync(new StagingOptions { MaxBytes = 10 * Piece });
        var kept = await staging.StageAsync(TestBytes.Make(1, 8 * Piece));

        var refused = await Assert.ThrowsAsync<StagingException>(() => staging.StageAsync(TestBytes.Make(2, 3 * Piece)));
        Assert.Equal(StagingFailure.Full, refused.Failure);
        Assert.Equal(8 * Piece, (await staging.Area.MeasureAsync(CancellationToken.None)).Bytes);

        await staging.StageAsync(TestBytes.Make(3, 2 * Piece));
        Assert.Equal(TestBytes.Make(1, 8 * Piece), await staging.ReadAsync(kept.Id, kept.Size));
    }

    [Fact]
    public async Task Write_FromManyAtOnce_NeverPassesTheBound()
    {
        await using var staging = await StagingHarness.StartAsync(new StagingOptions { MaxBytes = 50 * Piece });

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 40).Select(async seed =>
        {
            try
            {
                return await staging.StageAsync(TestBytes.Make(seed, 4 * Piece));
            }
            catch (StagingException refused) when (refused.Failure == StagingFailure.Full)
            {
                return null;
            }
        }));

        var taken = outcomes.Count(value => value is not null);
        Assert.InRange(taken, 1, 12);
        Assert.Equal(taken * 4 * Piece, (await staging.Area.MeasureAsync(CancellationToken.None)).Bytes);
    }

    [Fact]
    public async Task Write_BeyondTheLargestValue_IsRefused()
    {
        await using var staging = await StagingHarness.StartAsync(new StagingOptions { MaxSize = 2 * Piece });

        var refused = await Assert.ThrowsAsync<StagingException>(() => staging.StageAsync(TestBytes.Make(1, (2 * Piece) + 1)));

        Assert.Equal(StagingFailure.TooLarge, refused.Failure);

        await staging.AssertEmptyAsync();
    }

    [Fact]
    public async Task Write_IntoARedisWithoutMemory_IsRefusedAndFreeingStillWorks()
    {
        await using var staging = await StagingHarness.StartAsync(options: null, "--maxmemory", "8mb", "--maxmemory-policy", "noeviction");
        var kept = new List<StagedValue>();
        StagingException? refused = null;
        while (refused is null)
        {
            try
            {
                kept.Add(await staging.StageAsync(TestBytes.Make(kept.Count, 512 * 1024)));
            }
            catch (StagingException full)
            {
                refused = full;
            }

            Assert.InRange(kept.Count, 0, 16);
        }

        Assert.Equal(StagingFailure.Full, refused.Failure);
        Assert.Equal(kept.Count * 512L * 1024, (await staging.Area.MeasureAsync(CancellationToken.None)).Bytes);
        foreach (var (value, index) in kept.Select((value, index) => (value, index)))
        {
            Assert.Equal(TestBytes.Make(index, 512 * 1024), await staging.ReadAsync(value.Id, value.Size));
            Assert.True(await staging.Area.FreeAsync(value.Id, CancellationToken.None));
        }

        await staging.AssertEmptyAsync();
        await staging.StageAsync(TestBytes.Make(0, 512 * 1024));
    }

    [Fact]
    public async Task Everything_acknowledged_survives_a_killed_Redis_and_the_same_connection_goes_on()
    {
        await using var staging = await StagingHarness.StartAsync();
        var bytes = TestBytes.Make(9, 20 * Piece);
        var value = await staging.StageAsync(bytes);

        await staging.Redis.KillAsync();
        var down = await Assert.ThrowsAsync<StagingException>(() => staging.StageAsync(bytes));
        Assert.Equal(StagingFailure.Unavailable, down.Failure);
        await staging.Redis.RestartAsync();

        var again = await WhenReconnectedAsync(() => staging.StageAsync(TestBytes.Make(10, 100)));
        Assert.Equal(bytes, await staging.ReadAsync(value.Id, value.Size));
        Assert.True(await staging.Area.FreeAsync(value.Id, CancellationToken.None));
        Assert.True(await staging.Area.FreeAsync(again.Id, CancellationToken.None));
        Assert.Equal(0, (await staging.Area.MeasureAsync(CancellationToken.None)).Values);
    }

    [Fact]
    public async Task A_piece_that_was_refused_while_Redis_was_away_is_not_written_when_it_is_back()
    {
        await using var staging = await StagingHarness.StartAsync(new StagingOptions { CommandTimeout = TimeSpan.FromMilliseconds(200) });
        await staging.Redis.KillAsync();
        for (var i = 0; i < 3; i++)
        {
            var id = StagingId.New(TimeProvider.System);
            await Assert.ThrowsAsync<StagingException>(() => staging.Area.AppendAsync(id, 0, [1], CancellationToken.None));
        }

        await staging.Redis.RestartAsync();
        await WhenReconnectedAsync(() => staging.Area.MeasureAsync(CancellationToken.None));

        await staging.AssertEmptyAsync();
    }

    [Fact]
    public async Task A_hanging_Redis_times_out()
    {
        await using var staging = await StagingHarness.StartAsync(new StagingOptions { CommandTimeout = TimeSpan.FromMilliseconds(500) });
        staging.Redis.Signal("STOP");

        var startedAt = TimeProvider.System.GetTimestamp();
        var hung = await Assert.ThrowsAsync<StagingException>(() => staging.Area.MeasureAsync(CancellationToken.None));

        Assert.Equal(StagingFailure.Unavailable, hung.Failure);
        Assert.InRange(TimeProvider.System.GetElapsedTime(startedAt), TimeSpan.FromMilliseconds(400), TimeSpan.FromSeconds(5));
        staging.Redis.Signal("CONT");
        Assert.Equal(0, (await WhenReconnectedAsync(() => staging.Area.MeasureAsync(CancellationToken.None))).Bytes);
    }

    [Fact]
    public async Task Read_OfAValueThatLostAPiece_SaysSo()
    {
        await using var staging = await StagingHarness.StartAsync();
        var value = await staging.StageAsync(TestBytes.Make(1, 3 * Piece));
        await staging.Connection.GetDatabase().HashDeleteAsync($"staging:value:{value.Id}", "1");

        var missing = await Assert.ThrowsAsync<StagingException>(() => staging.ReadAsync(value.Id, value.Size));

        Assert.Equal(StagingFailure.Missing, missing.Failure);
    }

    [Fact]
    public async Task ListOlder_PagesByTheTimeOfTheLastPiece()
    {
        await using var staging = await StagingHarness.StartAsync();
        var values = new List<StagedValue>();
        for (var i = 0; i < 3; i++)
        {
            values.Add(await staging.StageAsync([1]));
        }

        Assert.Empty(await staging.Area.ListOlderAsync(TimeSpan.FromHours(1), 0, 10, CancellationToken.None));
        Assert.Equal(2, (await staging.Area.ListOlderAsync(TimeSpan.Zero, 1, 10, CancellationToken.None)).Count);
        Assert.Equal(
            values.Select(value => value.Id).ToHashSet(),
            (await staging.Area.ListOlderAsync(TimeSpan.Zero, 0, 10, CancellationToken.None)).ToHashSet());
    }

    // The client reconnects by itself, some time after the restart of the server.
    private static async Task<T> WhenReconnectedAsync<T>(Func<Task<T>> call)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            try
            {
                return await call();
            }
            catch (StagingException failure) when (failure.Failure == StagingFailure.Unavailable && !limit.IsCancellationRequested)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, limit.Token);
            }
        }
    }
}
