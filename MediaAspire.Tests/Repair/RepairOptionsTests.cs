using MediaAspire.Core.Copies;
using MediaAspire.Core.Rebalancing;
using MediaAspire.Worker.Repair;

namespace MediaAspire.Tests.Repair;

public sealed class RepairOptionsTests
{
    [Fact]
    public void The_defaults_are_valid()
    {
        Assert.True(new RepairOptionsValidator().Validate(null, new RepairOptions()).Succeeded);
        Assert.True(new RebalancingOptionsValidator().Validate(null, new RebalancingOptions()).Succeeded);
    }

    [Fact]
    public void Values_that_make_no_sense_are_refused()
    {
        AssertRefused(new RepairOptions { Interval = TimeSpan.Zero }, nameof(RepairOptions.Interval));
        AssertRefused(new RepairOptions { MaxBytesPerSecond = -1 }, nameof(RepairOptions.MaxBytesPerSecond));
        AssertRefused(new RepairOptions { Concurrency = 0 }, nameof(RepairOptions.Concurrency));
        AssertRefused(new RepairOptions { SurplusPage = 0 }, nameof(RepairOptions.SurplusPage));
        Assert.Contains(
            nameof(LivenessOptions.WorkerTrust),
            Assert.Single(new LivenessOptionsValidator().Validate(null, new LivenessOptions { WorkerTrust = TimeSpan.Zero }).Failures!),
            StringComparison.Ordinal);
        AssertRefused(new RebalancingOptions { MaxBytesPerSecond = -1 }, nameof(RebalancingOptions.MaxBytesPerSecond));
        AssertRefused(new RebalancingOptions { Concurrency = 0 }, nameof(RebalancingOptions.Concurrency));
        AssertRefused(new RebalancingOptions { EmptyShare = 1 }, nameof(RebalancingOptions.EmptyShare));
        AssertRefused(new RebalancingOptions { ControlInterval = TimeSpan.Zero }, nameof(RebalancingOptions.ControlInterval));
    }

    private static void AssertRefused(RepairOptions options, string property) =>
        Assert.Contains(property, Assert.Single(new RepairOptionsValidator().Validate(null, options).Failures!), StringComparison.Ordinal);

    private static void AssertRefused(RebalancingOptions options, string property) =>
        Assert.Contains(
            property, Assert.Single(new RebalancingOptionsValidator().Validate(null, options).Failures!), StringComparison.Ordinal);
}
