using MediaAspire.Core.Jobs;
using MediaAspire.Core.Jobs.Redis;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace MediaAspire.Tests.Harness;

internal sealed class RedisJobEngine(RedisFixture redis) : IJobEngine
{
    public async Task<JobEngineClient> OpenAsync(JobOptions? options = null) =>
        Open(await redis.ConnectAsync(), options ?? new JobOptions());

    public async Task<JobEngineClient> OpenUnreachableAsync()
    {
        var options = new JobOptions { CommandTimeout = TimeSpan.FromSeconds(1) };
        return Open(await RedisFixture.ConnectAsync("127.0.0.1:1,abortConnect=false,connectTimeout=200", options.CommandTimeout), options);
    }

    public Task ClearAsync() => redis.ClearAsync();

    private static JobEngineClient Open(ConnectionMultiplexer connection, JobOptions options)
    {
        var commands = new RedisJobCommands(connection, Options.Create(options), TimeProvider.System);
        return new JobEngineClient(
            new RedisJobQueue(commands, Options.Create(options)),
            new RedisJobSource(commands),
            new RedisDeadJobs(commands),
            new RedisJobStats(commands),
            new Closing(connection));
    }

    private sealed class Closing(ConnectionMultiplexer connection) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            connection.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
