using MediaAspire.Core.Media.Redis;

namespace MediaAspire.Tests.Media.Redis;

public sealed class MetadataOptionsTests
{
    private static readonly MetadataOptionsValidator s_validator = new();

    [Fact]
    public void Defaults_AreValidAndPostgresAlone()
    {
        Assert.True(s_validator.Validate(null, new MetadataOptions()).Succeeded);
        Assert.False(new MetadataOptions().UsesRedis);
        Assert.True(new MetadataOptions { Stores = "redis+postgres" }.UsesRedis);
    }

    [Theory]
    [InlineData("redis")]
    [InlineData("Redis+Postgres")]
    [InlineData("")]
    public void Stores_Unknown_AreRefused(string stores) =>
        Assert.True(s_validator.Validate(null, new MetadataOptions { Stores = stores }).Failed);

    [Fact]
    public void RenewalInterval_TooLongForTheLease_IsRefused()
    {
        var result = s_validator.Validate(null, new MetadataOptions { RenewalInterval = TimeSpan.FromSeconds(1.5) });

        Assert.True(result.Failed);
        Assert.Contains("Set RenewalInterval below half of LeaseDuration", result.FailureMessage, StringComparison.Ordinal);
    }

    [Fact]
    public void Values_OutOfRange_AreRefused()
    {
        Assert.True(s_validator.Validate(null, new MetadataOptions { ReadTimeout = TimeSpan.Zero }).Failed);
        Assert.True(s_validator.Validate(null, new MetadataOptions { WriteTimeout = TimeSpan.Zero }).Failed);
        Assert.True(s_validator.Validate(null, new MetadataOptions { ClockMargin = TimeSpan.Zero }).Failed);
        Assert.True(s_validator.Validate(null, new MetadataOptions { LeaseDuration = TimeSpan.FromHours(1) }).Failed);
        Assert.True(s_validator.Validate(null, new MetadataOptions { ValueLifetime = TimeSpan.Zero }).Failed);
        Assert.True(s_validator.Validate(null, new MetadataOptions { SyncInterval = TimeSpan.Zero }).Failed);
    }
}
