using MediaAspire.Api.Requests;

namespace MediaAspire.Tests.Api.Requests;

public sealed class DurationHistogramTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_quantile_is_at_most_an_eighth_above_the_true_one(int seed)
    {
        var random = new Random(seed);
        var histogram = new DurationHistogram();

        // From microseconds to hours.
        var durations = Enumerable.Range(0, 5000).Select(_ => Math.Pow(10, random.NextDouble() * 9 - 5)).Order().ToArray();
        foreach (var duration in durations)
        {
            histogram.Record(duration);
        }

        foreach (var quantile in new[] { 0.01, 0.5, 0.95, 1 })
        {
            var exact = durations[(int)Math.Ceiling(quantile * durations.Length) - 1];
            var (count, mean, value) = histogram.Read(quantile);
            Assert.Equal(durations.Length, count);
            Assert.InRange(value, exact, exact * 1.125 + 1e-6);
            Assert.InRange(mean, durations.Average() - 1e-6, durations.Average() + 1e-6);
        }
    }

    [Theory]
    [InlineData(0, 1e-6)]
    [InlineData(-1, 1e-6)]
    [InlineData(double.NaN, 1e-6)]
    public void Record_NoDuration_CountsAsTheShortest(double seconds, double expected)
    {
        var histogram = new DurationHistogram();
        histogram.Record(seconds);

        Assert.Equal((1, 0, expected), histogram.Read(0.95));
    }

    [Fact]
    public void Record_LongestDuration_IsCounted()
    {
        var histogram = new DurationHistogram();
        histogram.Record(double.MaxValue);

        Assert.Equal(1, histogram.Read(0.5).Count);
        Assert.Equal(default, new DurationHistogram().Read(0.5));
    }
}
