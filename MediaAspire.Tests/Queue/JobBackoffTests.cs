using MediaAspire.Worker.Queue;

namespace MediaAspire.Tests.Queue;

public sealed class JobBackoffTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(4, 8)]
    [InlineData(9, 60)]
    [InlineData(100, 60)]
    public void DelayAfter_AnAttempt_LiesAnywhereBelowADoublingLimit(int attempt, int limitSeconds)
    {
        var random = new Random(1);
        var delays = Enumerable.Range(0, 1000)
            .Select(_ => JobBackoff.DelayAfter(attempt, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1), random).TotalSeconds)
            .ToList();

        Assert.All(delays, delay => Assert.InRange(delay, 0, limitSeconds));
        Assert.InRange(delays.Average(), limitSeconds * 0.45, limitSeconds * 0.55);
        Assert.True(delays.Min() < limitSeconds * 0.05 && delays.Max() > limitSeconds * 0.95);
    }
}
