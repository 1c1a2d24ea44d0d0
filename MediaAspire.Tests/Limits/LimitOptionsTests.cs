using MediaAspire.Core.Limits;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace MediaAspire.Tests.Limits;

public sealed class LimitOptionsTests
{
    [Theory]
    [InlineData("KeyRequestsPerSecond", "0")]
    [InlineData("KeyRequestsPerSecond", "-1")]
    [InlineData("KeyRequestsPerSecond", "many")]
    [InlineData("KeyBurst", "5")]
    [InlineData("AddressBurst", "5")]
    [InlineData("FailedAuthenticationsPerMinute", "0")]
    [InlineData("FailedAuthenticationBurst", "0")]
    [InlineData("CommandTimeout", "00:01:00")]
    [InlineData("MaxConcurrentUploads", "0")]
    [InlineData("MaxShareOfOneSender", "101")]
    [InlineData("MaxConnections", "0")]
    [InlineData("MinBodyBytesPerSecond", "-1")]
    [InlineData("BodyGrace", "00:00:01")]
    [InlineData("MaxBodyDuration", "00:00:10")]
    public async Task A_bad_value_stops_the_process(string name, string value)
    {
        using var host = Host(name, value);

        var failure = await Assert.ThrowsAnyAsync<Exception>(() => host.StartAsync());

        Assert.Contains(name, failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_settings_keys_and_addresses_have_no_rate_and_failures_have_one()
    {
        using var host = Host("KeyRequestsPerSecond", null);
        await host.StartAsync();
        var options = host.Services.GetRequiredService<IOptions<LimitOptions>>().Value;

        Assert.Null(options.OfKeys);
        Assert.Null(options.OfAddresses);
        Assert.Equal(new RateLimit(1, 100), options.OfFailures);
    }

    private static IHost Host(string name, string? value)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?> { [$"Limits:{name}"] = value });
        builder.AddRateLimits();
        return builder.Build();
    }
}
