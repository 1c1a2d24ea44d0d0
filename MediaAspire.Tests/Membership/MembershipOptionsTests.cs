using MediaAspire.Storage;
using MediaAspire.Worker.Membership;

namespace MediaAspire.Tests.Membership;

public sealed class MembershipOptionsTests
{
    [Theory]
    [InlineData("00:00:00")]
    [InlineData("00:10:01")]
    public void Validate_IntervalOutOfRange_NamesTheSetting(string interval)
    {
        var result = new MembershipOptionsValidator().Validate(null, new MembershipOptions { Interval = TimeSpan.Parse(interval, null) });

        Assert.Contains(nameof(MembershipOptions.Interval), result.FailureMessage, StringComparison.Ordinal);
        Assert.True(new MembershipOptionsValidator().Validate(null, new MembershipOptions()).Succeeded);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void Validate_CapacityOutOfRange_NamesTheSetting(long capacity)
    {
        var options = new StorageOptions { DataDirectory = "/data", CapacityBytes = capacity };

        var result = new StorageOptionsValidator().Validate(null, options);

        Assert.Contains(nameof(StorageOptions.CapacityBytes), result.FailureMessage, StringComparison.Ordinal);
        options.CapacityBytes = null;
        Assert.True(new StorageOptionsValidator().Validate(null, options).Succeeded);
    }
}
