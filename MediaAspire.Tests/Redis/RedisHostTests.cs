using MediaAspire.Core.Redis;
using MediaAspire.Tests.Harness;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using StackExchange.Redis;

namespace MediaAspire.Tests.Redis;

public sealed class RedisHostTests
{
    [Theory]
    [InlineData("00:00:20", null, 20_000)]
    [InlineData(null, "00:00:30", 30_000)]
    [InlineData(null, null, 10_000)]
    public async Task AddMediaRedis_CommandTimeouts_AreNotCutShortByTheClient(string? jobs, string? staging, int expectedMilliseconds)
    {
        await using var redis = await TestRedis.StartAsync();
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ConnectionStrings:redis"] = redis.ConnectionString,
            ["Jobs:CommandTimeout"] = jobs,
            ["Staging:CommandTimeout"] = staging,
        });
        builder.AddMediaRedis();
        using var host = builder.Build();

        var options = ConfigurationOptions.Parse(host.Services.GetRequiredService<IConnectionMultiplexer>().Configuration);

        Assert.Equal(expectedMilliseconds, options.AsyncTimeout);
    }
}
