using MediaAspire.Worker.Lifecycle;

namespace MediaAspire.Tests.Lifecycle;

public sealed class LifecycleOptionsTests
{
    [Fact]
    public void The_defaults_are_valid() => Assert.True(new LifecycleOptionsValidator().Validate(null, new LifecycleOptions()).Succeeded);

    [Fact]
    public void Values_that_would_spin_or_wait_for_ever_are_refused()
    {
        AssertRefused(new LifecycleOptions { Interval = TimeSpan.Zero }, nameof(LifecycleOptions.Interval));
        AssertRefused(new LifecycleOptions { DayLength = TimeSpan.Zero }, nameof(LifecycleOptions.DayLength));
        AssertRefused(new LifecycleOptions { DayLength = TimeSpan.FromDays(2) }, nameof(LifecycleOptions.DayLength));
        AssertRefused(new LifecycleOptions { PageSize = 0 }, nameof(LifecycleOptions.PageSize));
        AssertRefused(new LifecycleOptions { BatchSize = 0 }, nameof(LifecycleOptions.BatchSize));
        AssertRefused(new LifecycleOptions { MaxRate = 0 }, nameof(LifecycleOptions.MaxRate));
    }

    private static void AssertRefused(LifecycleOptions options, string property)
    {
        var result = new LifecycleOptionsValidator().Validate(null, options);
        Assert.Contains(property, Assert.Single(result.Failures!), StringComparison.Ordinal);
    }
}
