using MediaAspire.Core.Copies;
using MediaAspire.Worker.Integrity;
using MediaAspire.Worker.Sweeping;

namespace MediaAspire.Tests.Sweeping;

public sealed class SweepingOptionsTests
{
    [Fact]
    public void The_defaults_are_valid()
    {
        Assert.True(new SweepingOptionsValidator().Validate(null, new SweepingOptions()).Succeeded);
        Assert.True(new IntegrityOptionsValidator().Validate(null, new IntegrityOptions()).Succeeded);
        Assert.True(new LivenessOptionsValidator().Validate(null, new LivenessOptions()).Succeeded);
    }

    [Fact]
    public void Values_that_would_spin_or_wait_for_ever_are_refused()
    {
        AssertRefused(new SweepingOptions { SessionsInterval = TimeSpan.Zero }, nameof(SweepingOptions.SessionsInterval));
        AssertRefused(new SweepingOptions { DeletedFilesGrace = TimeSpan.FromSeconds(-1) }, nameof(SweepingOptions.DeletedFilesGrace));
        AssertRefused(new SweepingOptions { RemovalGrace = TimeSpan.FromDays(2) }, nameof(SweepingOptions.RemovalGrace));
        AssertRefused(new SweepingOptions { RemovalConcurrency = 0 }, nameof(SweepingOptions.RemovalConcurrency));
        AssertRefused(new SweepingOptions { MaxOrphanShare = 1.1 }, nameof(SweepingOptions.MaxOrphanShare));
        AssertRefused(new SweepingOptions { PageSize = 0 }, nameof(SweepingOptions.PageSize));
        Assert.True(new IntegrityOptionsValidator().Validate(null, new IntegrityOptions { PageSize = 0 }).Failed);
        Assert.True(new LivenessOptionsValidator().Validate(null, new LivenessOptions { After = TimeSpan.Zero }).Failed);
    }

    private static void AssertRefused(SweepingOptions options, string property)
    {
        var result = new SweepingOptionsValidator().Validate(null, options);
        Assert.Contains(property, Assert.Single(result.Failures!), StringComparison.Ordinal);
    }
}
