using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Serialization;
using MediaAspire.Core.Database;
using MediaAspire.Core.Ids;
using MediaAspire.Core.Jobs;
using MediaAspire.Core.Redis;
using MediaAspire.Worker.Queue;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MediaAspire.Benchmarks.Jobs;

/// <summary>Throughput and latency of the job queue, by one producing process and one worker with handlers that do nothing.</summary>
internal static class JobQueueLoad
{
    private const int Producers = 32;
    private const int SingleJobs = 200;

    private static readonly JobKind<LoadPayload> s_kind = new("load", JobQueueLoadJson.Default.LoadPayload);

    /// <param name="args">Provider, seconds of load, concurrency of the worker; connection strings come from the environment.</param>
    public static async Task<int> RunAsync(string[] args)
    {
        var provider = args[0];
        var duration = TimeSpan.FromSeconds(int.Parse(args[1], CultureInfo.InvariantCulture));
        var concurrency = int.Parse(args[2], CultureInfo.InvariantCulture);
        await MigrateAsync(provider);

        using var producer = BuildHost(provider, concurrency, handler: null);
        var queue = producer.Services.GetRequiredService<IJobQueue>();
        var warmUp = await EnqueueAsync(queue, TimeSpan.FromSeconds(1));
        await DrainAsync(provider, concurrency, warmUp.Count);

        var enqueued = await EnqueueAsync(queue, duration);
        var drained = await DrainAsync(provider, concurrency, enqueued.Count);
        var (both, bothElapsed) = await EnqueueAndDrainAsync(queue, provider, concurrency, duration);
        var single = await RunSinglyAsync(queue, provider, concurrency);

        Print(provider, concurrency, "enqueue alone, per process", $"{enqueued.Count / duration.TotalSeconds:F0} jobs/s", enqueued);
        Print(provider, concurrency, "take, run, settle; one worker", $"{enqueued.Count / drained.TotalSeconds:F0} jobs/s", null);
        Print(provider, concurrency, "both at once, one process and one worker", $"{both / bothElapsed.TotalSeconds:F0} jobs/s", null);
        Print(provider, concurrency, "one job, idle worker: enqueue to handler", "", single);
        return 0;
    }

    private static async Task MigrateAsync(string provider)
    {
        if (provider == "postgres")
        {
            var builder = NewBuilder();
            builder.AddMigrations();
            using var host = builder.Build();
            await host.Services.GetRequiredService<MigrationRunner>().RunAsync(CancellationToken.None);
        }
    }

    private static async Task<List<double>> EnqueueAsync(IJobQueue queue, TimeSpan duration)
    {
        var latencies = new ConcurrentBag<List<double>>();
        var clock = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, Producers).Select(async _ =>
        {
            var mine = new List<double>();
            while (clock.Elapsed < duration)
            {
                var startedAt = Stopwatch.GetTimestamp();
                await EnqueueOneAsync(queue);
                mine.Add(Stopwatch.GetElapsedTime(startedAt).TotalMilliseconds);
            }

            latencies.Add(mine);
        }));
        return [.. latencies.SelectMany(mine => mine)];
    }

    private static async Task<NewJob> EnqueueOneAsync(IJobQueue queue)
    {
        var job = s_kind.Create(new LoadPayload("01936f3e-9c5a-7cc1-8f1e-3a1d8b0c4e55", 1 << 20), TimeProvider.System);
        var result = await queue.EnqueueAsync(job, CancellationToken.None);
        return result.Outcome == EnqueueOutcome.Enqueued
            ? job
            : throw new InvalidOperationException($"The queue did not enqueue the job: {result.Outcome}.");
    }

    private static async Task<TimeSpan> DrainAsync(string provider, int concurrency, int jobs)
    {
        var handler = new CountingHandler(jobs);
        using var worker = BuildHost(provider, concurrency, handler);
        var clock = Stopwatch.StartNew();
        await worker.StartAsync();
        await handler.AllDone;
        var elapsed = clock.Elapsed;
        await worker.StopAsync();
        return elapsed;
    }

    private static async Task<(int Jobs, TimeSpan Elapsed)> EnqueueAndDrainAsync(
        IJobQueue queue, string provider, int concurrency, TimeSpan duration)
    {
        var handler = new CountingHandler(int.MaxValue);
        using var worker = BuildHost(provider, concurrency, handler);
        await worker.StartAsync();
        var clock = Stopwatch.StartNew();
        var enqueued = await EnqueueAsync(queue, duration);
        while (handler.Done < enqueued.Count)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, CancellationToken.None);
        }

        var elapsed = clock.Elapsed;
        await worker.StopAsync();
        return (enqueued.Count, elapsed);
    }

    private static async Task<List<double>> RunSinglyAsync(IJobQueue queue, string provider, int concurrency)
    {
        var handler = new CountingHandler(int.MaxValue);
        using var worker = BuildHost(provider, concurrency, handler);
        await worker.StartAsync();
        var latencies = new List<double>();
        for (var i = 0; i < SingleJobs; i++)
        {
            var startedAt = Stopwatch.GetTimestamp();
            var job = await EnqueueOneAsync(queue);
            var handledAt = await handler.HandledAtAsync(job.Id);
            latencies.Add(Stopwatch.GetElapsedTime(startedAt, handledAt).TotalMilliseconds);
        }

        await worker.StopAsync();
        return latencies;
    }

    internal static HostApplicationBuilder NewBuilder()
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders().AddConsole().SetMinimumLevel(LogLevel.Error);
        return builder;
    }

    private static IHost BuildHost(string provider, int concurrency, CountingHandler? handler)
    {
        var builder = NewBuilder();
        Configure(builder, provider, concurrency);
        if (provider == "postgres")
        {
            builder.AddMediaDatabase();
        }

        if (handler is null)
        {
            builder.AddJobQueue();
        }
        else
        {
            builder.AddJobs();
            builder.Services.AddSingleton(handler);
            builder.Services.AddJobHandler<LoadPayload, CountingHandler>(s_kind);
        }

        return builder.Build();
    }

    internal static void Configure(HostApplicationBuilder builder, string provider, int concurrency)
    {
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Jobs:Provider"] = provider,
            ["Jobs:Concurrency"] = concurrency.ToString(CultureInfo.InvariantCulture),
            ["Jobs:MaxDepth"] = "10000000",
        });
        if (provider == "redis")
        {
            builder.AddMediaRedis();
        }
    }

    private static void Print(string provider, int concurrency, string what, string rate, List<double>? latencies)
    {
        var times = "";
        if (latencies is { Count: > 0 })
        {
            latencies.Sort();
            times = $"p50 {latencies[latencies.Count / 2]:F1} ms, p99 {latencies[latencies.Count * 99 / 100]:F1} ms";
        }

        Console.WriteLine($"| {provider}, {concurrency} at once | {what} | {rate} | {times} |");
    }

    private sealed class CountingHandler(int expected) : IJobHandler<LoadPayload>
    {
        private readonly TaskCompletionSource _allDone = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly ConcurrentDictionary<JobId, TaskCompletionSource<long>> _handled = new();
        private int _done;

        public Task AllDone => _allDone.Task;

        public int Done => Volatile.Read(ref _done);

        public Task<long> HandledAtAsync(JobId job) => Handled(job).Task;

        public Task HandleAsync(LoadPayload payload, JobContext job, CancellationToken cancellationToken)
        {
            if (Interlocked.Increment(ref _done) == expected)
            {
                _allDone.SetResult();
            }

            if (expected == int.MaxValue)
            {
                Handled(job.Id).TrySetResult(Stopwatch.GetTimestamp());
            }

            return Task.CompletedTask;
        }

        private TaskCompletionSource<long> Handled(JobId job) =>
            _handled.GetOrAdd(job, _ => new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously));
    }
}

internal sealed record LoadPayload(string File, long Size);

[JsonSerializable(typeof(LoadPayload))]
internal sealed partial class JobQueueLoadJson : JsonSerializerContext;
