using MediaAspire.Core.Database;
using MediaAspire.Core.Jobs;
using MediaAspire.Core.Media;
using MediaAspire.Core.Media.Postgres;
using MediaAspire.Core.Media.Redis;
using MediaAspire.Core.Redis;
using MediaAspire.Tests.Harness;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace MediaAspire.Tests.Media.Redis;

/// <summary>The stores as a process of the product has them.</summary>
public sealed class MetadataHostTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public void By_default_the_store_is_the_one_in_PostgreSQL_and_nothing_runs_for_Redis()
    {
        var builder = Build("postgres", "127.0.0.1:1,abortConnect=false,connectTimeout=100");
        using var host = builder.Build();

        Assert.IsType<PostgresMediaStore>(host.Services.GetRequiredService<IMediaStore>());
        Assert.DoesNotContain(host.Services.GetServices<IHostedService>(), service => service is GenerationKeeper);
        Assert.Null(host.Services.GetService<GenerationLease>());
    }

    [Fact]
    public async Task With_Redis_sessions_take_part_and_the_health_tells_the_state()
    {
        await using var redis = await TestRedis.StartAsync();
        await postgres.ExecuteAsync("UPDATE metadata_generation SET mode = 'bypass'");
        var builder = Build("redis+postgres", redis.ConnectionString);
        builder.Services.AddMetadataSync();
        using var host = builder.Build();
        await host.StartAsync();

        var store = Assert.IsType<RedisMediaStore>(host.Services.GetRequiredService<IMediaStore>());
        var item = await store.CreateAsync(NewMedia.Of("a", "one"));
        var health = host.Services.GetRequiredService<HealthCheckService>();
        var before = (await health.CheckHealthAsync()).Entries["metadata-stores"];
        Assert.Equal(HealthStatus.Degraded, before.Status);
        Assert.StartsWith("PostgreSQL serves every read of the catalog.", before.Description, StringComparison.Ordinal);

        Assert.Null(await host.Services.GetRequiredService<GenerationOpener>().TryOpenAsync(default));
        await store.DescribeAsync(item.Id, "2");

        Assert.Equal("2", await store.ReadAsync(item.Id));
        Assert.Equal(HealthStatus.Healthy, (await health.CheckHealthAsync()).Entries["metadata-stores"].Status);
        Assert.NotNull(host.Services.GetRequiredService<GenerationLease>().FindHot());
        Assert.NotNull(host.Services.GetRequiredService<MetadataComparison>());
        Assert.NotNull(host.Services.GetRequiredService<MetadataImport>());
        await host.StopAsync();
    }

    [Fact]
    public async Task An_unknown_name_of_stores_stops_the_process()
    {
        using var host = Build("redis", "127.0.0.1:1,abortConnect=false,connectTimeout=100").Build();

        await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());
    }

    private HostApplicationBuilder Build(string stores, string redis)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ConnectionStrings:media"] = postgres.ConnectionString,
            ["ConnectionStrings:redis"] = redis,
            ["Metadata:Stores"] = stores,
            ["Metadata:LeaseDuration"] = "00:00:01",
            ["Metadata:RenewalInterval"] = "00:00:00.200",
        });
        builder.AddMediaDatabase();
        builder.AddMediaRedis();
        builder.AddJobQueue();
        builder.AddMediaStore();
        builder.AddMetadataStores();
        return builder;
    }
}
