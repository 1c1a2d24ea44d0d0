using MediaAspire.Tests.Harness;
using StackExchange.Redis;

namespace MediaAspire.Tests.Media.Redis;

/// <summary>Does to a Redis server what happens to one, at random.</summary>
internal sealed class RedisChaos(TestRedis redis, int seed) : IAsyncDisposable
{
    private readonly Random _random = new(seed);
    private readonly TemporaryDirectory _old = new();

    public Dictionary<string, int> Counts { get; } = [];

    public async Task RunAsync(TimeSpan pause, CancellationToken ended)
    {
        while (!ended.IsCancellationRequested)
        {
            await Task.Delay(pause * (0.5 + _random.NextDouble()), TimeProvider.System, CancellationToken.None);
            var (name, act) = _random.Next(8) switch
            {
                0 => ("kill", (Func<Task>)KillAsync),
                1 => ("kill, older data", KillToOlderDataAsync),
                2 => ("save older data", KeepDataAsync),
                3 => ("flush", () => CommandAsync("FLUSHALL")),
                4 => ("forget scripts", () => CommandAsync("SCRIPT", "FLUSH")),
                5 => ("pause", PauseAsync),
                6 => ("evict", EvictAsync),
                _ => ("full", FillUpAsync),
            };
            await act();
            Counts[name] = Counts.GetValueOrDefault(name) + 1;
        }
    }

    public ValueTask DisposeAsync()
    {
        _old.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task KillAsync()
    {
        await redis.KillAsync();
        await redis.RestartAsync();
    }

    private async Task KillToOlderDataAsync()
    {
        await redis.KillAsync();
        if (Directory.Exists(Path.Combine(_old.Path, "data")))
        {
            Copy(Path.Combine(_old.Path, "data"), redis.DataDirectory);
        }

        await redis.RestartAsync();
    }

    private async Task KeepDataAsync()
    {
        // Of a paused server, so that the files fit together.
        redis.Signal("STOP");
        Copy(redis.DataDirectory, Path.Combine(_old.Path, "data"));
        redis.Signal("CONT");
        await Task.CompletedTask;
    }

    private async Task PauseAsync()
    {
        redis.Signal("STOP");
        await Task.Delay(TimeSpan.FromMilliseconds(_random.Next(50, 1500)), TimeProvider.System, CancellationToken.None);
        redis.Signal("CONT");
    }

    private async Task EvictAsync()
    {
        await CommandAsync("CONFIG", "SET", "maxmemory-policy", "allkeys-random");
        await CommandAsync("CONFIG", "SET", "maxmemory", "1");
        await Task.Delay(TimeSpan.FromMilliseconds(_random.Next(20, 300)), TimeProvider.System, CancellationToken.None);
        await CommandAsync("CONFIG", "SET", "maxmemory", "0");
    }

    private async Task FillUpAsync()
    {
        await CommandAsync("CONFIG", "SET", "maxmemory-policy", "noeviction");
        await CommandAsync("CONFIG", "SET", "maxmemory", "1");
        await Task.Delay(TimeSpan.FromMilliseconds(_random.Next(20, 300)), TimeProvider.System, CancellationToken.None);
        await CommandAsync("CONFIG", "SET", "maxmemory", "0");
    }

    private async Task CommandAsync(string command, params object[] arguments)
    {
        var options = ConfigurationOptions.Parse(redis.ConnectionString);
        options.AllowAdmin = true;
        await using var connection = await ConnectionMultiplexer.ConnectAsync(options);
        await connection.GetDatabase().ExecuteAsync(command, arguments);
    }

    private static void Copy(string from, string to)
    {
        if (Directory.Exists(to))
        {
            Directory.Delete(to, recursive: true);
        }

        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target, overwrite: true);
        }
    }
}
