using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Media.Redis;

/// <summary>Does to a Redis server what happens to one, at random.</summary>
internal sealed class RedisChaos(TestRedis redis, int seed) : IAsyncDisposable
{
    private readonly Random _random = new(seed);
    private readonly TemporaryDirectory _old = new();
    private bool _hasOld;

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
                3 => ("flush", () => redis.ExecuteAsync("FLUSHALL")),
                4 => ("forget scripts", () => redis.ExecuteAsync("SCRIPT", "FLUSH")),
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
        if (_hasOld)
        {
            redis.ReplaceData(_old.Path);
        }

        await redis.RestartAsync();
    }

    private Task KeepDataAsync()
    {
        redis.CopyData(_old.Path);
        _hasOld = true;
        return Task.CompletedTask;
    }

    private async Task PauseAsync()
    {
        redis.Signal("STOP");
        await Task.Delay(TimeSpan.FromMilliseconds(_random.Next(50, 1500)), TimeProvider.System, CancellationToken.None);
        redis.Signal("CONT");
    }

    private async Task EvictAsync()
    {
        await redis.ExecuteAsync("CONFIG", "SET", "maxmemory-policy", "allkeys-random");
        await redis.ExecuteAsync("CONFIG", "SET", "maxmemory", "1");
        await Task.Delay(TimeSpan.FromMilliseconds(_random.Next(20, 300)), TimeProvider.System, CancellationToken.None);
        await redis.ExecuteAsync("CONFIG", "SET", "maxmemory", "0");
    }

    private async Task FillUpAsync()
    {
        await redis.ExecuteAsync("CONFIG", "SET", "maxmemory-policy", "noeviction");
        await redis.ExecuteAsync("CONFIG", "SET", "maxmemory", "1");
        await Task.Delay(TimeSpan.FromMilliseconds(_random.Next(20, 300)), TimeProvider.System, CancellationToken.None);
        await redis.ExecuteAsync("CONFIG", "SET", "maxmemory", "0");
    }
}
