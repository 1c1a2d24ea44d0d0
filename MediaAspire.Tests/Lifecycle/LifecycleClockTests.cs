using System.Globalization;
using MediaAspire.Core.Lifecycle;

namespace MediaAspire.Tests.Lifecycle;

public sealed class LifecycleClockTests
{
    // The first is the example of the S3 user guide.
    [Theory]
    [InlineData("2014-01-15T10:30:00Z", 3, "2014-01-19T00:00:00Z")]
    [InlineData("2014-01-15T00:00:00Z", 1, "2014-01-17T00:00:00Z")]
    [InlineData("2014-01-15T23:59:59Z", 1, "2014-01-17T00:00:00Z")]
    [InlineData("2014-01-16T01:00:00+02:00", 1, "2014-01-17T00:00:00Z")]
    [InlineData("2024-02-28T12:00:00Z", 1, "2024-03-01T00:00:00Z")]
    public void After_RealDays_EndAtTheNextMidnight(string since, int days, string expected) =>
        Assert.Equal(At(expected), LifecycleClock.Real.After(At(since), days));

    [Fact]
    public void After_ShortDays_EndByTheTick() =>
        Assert.Equal(At("2014-01-15T10:30:30Z"), new LifecycleClock(TimeSpan.FromSeconds(10)).After(At("2014-01-15T10:30:00Z"), 3));

    [Theory]
    [InlineData(1)]
    [InlineData(24)]
    public void After_MoreDaysThanTimeHas_IsTheEndOfTime(int hours) =>
        Assert.Equal(
            DateTimeOffset.MaxValue, new LifecycleClock(TimeSpan.FromHours(hours)).After(At("2014-01-15T10:30:00Z"), int.MaxValue));

    private static DateTimeOffset At(string time) => DateTimeOffset.Parse(time, CultureInfo.InvariantCulture);
}
