using MediaAspire.Core.Jobs;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Npgsql;
using StackExchange.Redis;

namespace MediaAspire.Tests.Jobs;

public sealed class JobQueueHostTests
{
    [Theory]
    [InlineData("", true)]
    [InlineData("--Jobs:Provider=postgres", true)]
    [InlineData("--Jobs:Provider=Redis", false)]
    public async Task AddJobQueue_AddsTheProviderThatIsNamed(string setting, bool isPostgres)
    {
        using var host = await StartAsync(setting);

        var queue = host.Services.GetRequiredService<IJobQueue>();
        Assert.Equal(isPostgres, queue.JoinsTransactions);
        object[] parts =
        [
            host.Services.GetRequiredService<IJobSource>(),
            host.Services.GetRequiredService<IDeadJobs>(),
            host.Services.GetRequiredService<IJobStats>(),
        ];
        Assert.All(parts, part => Assert.StartsWith(isPostgres ? "Postgres" : "Redis", part.GetType().Name, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("--Jobs:MaxAttempts=0")]
    [InlineData("--Jobs:MaxDepth=0")]
    [InlineData("--Jobs:CommandTimeout=00:00:00")]
    [InlineData("--Jobs:Provider=7")]
    public async Task Start_WithABadSetting_IsRefused(string setting) =>
        await Assert.ThrowsAsync<OptionsValidationException>(() => StartAsync(setting));

    [Fact]
    public async Task Start_WithAnUnknownProvider_IsRefused() =>
        await Assert.ThrowsAsync<InvalidOperationException>(() => StartAsync("--Jobs:Provider=mongo"));

    private static async Task<IHost> StartAsync(string setting)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddCommandLine([setting]);
        builder.Services.AddLogging();
        builder.Services.AddSingleton(_ => NpgsqlDataSource.Create("Host=/nonexistent"));
        builder.Services.AddSingleton<IConnectionMultiplexer>(_ =>
            ConnectionMultiplexer.Connect("127.0.0.1:1,abortConnect=false,connectTimeout=100"));
        builder.AddJobQueue();
        var host = builder.Build();
        await host.StartAsync();
        return host;
    }
}
