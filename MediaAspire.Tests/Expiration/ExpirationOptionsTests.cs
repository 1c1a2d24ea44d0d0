using MediaAspire.Worker.Expiration;

namespace MediaAspire.Tests.Expiration;

public sealed class ExpirationOptionsTests
{
    [Fact]
    public void The_defaults_are_valid() => Assert.True(new ExpirationOptionsValidator().Validate(null, new ExpirationOptions()).Succeeded);

    [Fact]
    public void Values_that_would_spin_or_wait_for_ever_are_refused()
    {
        AssertRefused(new ExpirationOptions { Interval = TimeSpan.Zero }, nameof(ExpirationOptions.Interval));
        AssertRefused(new ExpirationOptions { DayLength = TimeSpan.Zero }, nameof(ExpirationOptions.DayLength));
        AssertRefused(new ExpirationOptions { DayLength = TimeSpan.FromDays(2) }, nameof(ExpirationOptions.DayLength));
        AssertRefused(new ExpirationOptions { PageSize = 0 }, nameof(ExpirationOptions.PageSize));
        AssertRefused(new ExpirationOptions { BatchSize = 0 }, nameof(ExpirationOptions.BatchSize));
        AssertRefused(new ExpirationOptions { MaxRate = 0 }, nameof(ExpirationOptions.MaxRate));
    }

    private static void AssertRefused(ExpirationOptions options, string property)
    {
        var result = new ExpirationOptionsValidator().Validate(null, options);
        Assert.Contains(property, Assert.Single(result.Failures!), StringComparison.Ordinal);
    }
}
