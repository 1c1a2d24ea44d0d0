using MediaAspire.Core.Chunks;
using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Chunks;

public sealed class PacerTests
{
    private readonly ManualTime _time = new();

    [Fact]
    public void Reserve_WithinOneLargeChunk_HoldsTheRateForAnyRuns()
    {
        const long Rate = 10_000_000;
        var pacer = new Pacer(Rate, _time);
        var random = new Random(1);
        var passed = 0L;
        var elapsed = TimeSpan.Zero;

        // A gibibyte in runs of any size, each sent at its permitted time.
        while (passed < 1L << 30)
        {
            var run = random.Next(1, BlockFormat.MaxRunBytes);
            var wait = pacer.Reserve(run);
            _time.Advance(wait);
            elapsed += wait;

            // The earlier runs took their time at the rate; only this run is ahead.
            Assert.True(passed <= (Rate * elapsed.TotalSeconds) + 1000);
            passed += run;
        }

        Assert.InRange(passed / elapsed.TotalSeconds, Rate, Rate * 1.001);
    }

    [Fact]
    public void Reserve_AfterTimeThatNobodyUsed_SavesNoneOfItUp()
    {
        var pacer = new Pacer(1000, _time);
        Assert.Equal(TimeSpan.Zero, pacer.Reserve(1000));

        _time.Advance(TimeSpan.FromHours(1));

        Assert.Equal(TimeSpan.Zero, pacer.Reserve(1000));
        Assert.Equal(TimeSpan.FromSeconds(1), pacer.Reserve(1000));
        Assert.Equal(TimeSpan.FromSeconds(2), pacer.Reserve(1000));
    }

    [Fact]
    public async Task Wait_FromManyAtOnce_SharesOneRate()
    {
        var pacer = new Pacer(1_000_000, _time);

        var waits = new System.Collections.Concurrent.ConcurrentBag<TimeSpan>();
        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Task.Run(() => waits.Add(pacer.Reserve(100_000)))));

        Assert.Equal(Enumerable.Range(0, 50).Select(i => TimeSpan.FromSeconds(i * 0.1)), waits.Order().ToList());
    }
}
