using MediaAspire.Core.Staging;

namespace MediaAspire.Tests.Staging;

public sealed class StagingOptionsTests
{
    [Fact]
    public void Defaults_AreValid() => Assert.True(Validate(new StagingOptions()).Succeeded);

    [Fact]
    public void Bounds_ThatContradictEachOther_AreRefused()
    {
        var result = Validate(new StagingOptions { MaxBytes = 100, MaxSize = 101 });

        Assert.True(result.Failed);
        Assert.Contains("MaxSize is 101 and MaxBytes 100", result.FailureMessage, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 0, 5)]
    [InlineData(1L << 40, (512L << 20) + 1, 5)]
    [InlineData(100, -1, 5)]
    [InlineData(100, 100, 0)]
    public void Values_OutOfRange_AreRefused(long maxBytes, long maxSize, int timeoutSeconds) => Assert.True(Validate(
        new StagingOptions { MaxBytes = maxBytes, MaxSize = maxSize, CommandTimeout = TimeSpan.FromSeconds(timeoutSeconds) }).Failed);

    private static Microsoft.Extensions.Options.ValidateOptionsResult Validate(StagingOptions options) =>
        new StagingOptionsValidator().Validate(name: null, options);
}
