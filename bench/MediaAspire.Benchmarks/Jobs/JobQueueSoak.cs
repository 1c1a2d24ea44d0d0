using System.Diagnostics;
using System.Globalization;
using MediaAspire.Core.Database;
using MediaAspire.Core.Jobs;
using MediaAspire.Worker.Queue;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace MediaAspire.Benchmarks.Jobs;

/// <summary>A test that each effect happens exactly once: many jobs, and four workers of which one is killed (-9) at intervals.</summary>
internal static class JobQueueSoak
{
    private const int Workers = 4;
    private const int Producers = 16;

    private static readonly JobKind<LoadPayload> s_kind = new("soak", JobQueueLoadJson.Default.LoadPayload);

    /// <param name="args">Provider, number of jobs, seconds between two kills; connection strings come from the environment.</param>
    public static async Task<int> RunAsync(string[] args)
    {
        var provider = args[0];
        var jobs = int.Parse(args[1], CultureInfo.InvariantCulture);
        var pause = TimeSpan.FromSeconds(double.Parse(args[2], CultureInfo.InvariantCulture));
        using var host = BuildHost(provider, isWorker: false);
        var database = host.Services.GetRequiredService<NpgsqlDataSource>();
        await host.Services.GetRequiredService<MigrationRunner>().RunAsync(CancellationToken.None);
        await ExecuteAsync(database, "DROP TABLE IF EXISTS soak_effects");
        await ExecuteAsync(database, "CREATE TABLE soak_effects (number bigint PRIMARY KEY, runs integer NOT NULL DEFAULT 1)");

        var workers = Enumerable.Range(0, Workers).Select(_ => StartWorker(provider)).ToList();
        var kills = 0;
        var clock = Stopwatch.StartNew();
        try
        {
            var working = WorkAsync(host.Services.GetRequiredService<IJobQueue>(), host.Services.GetRequiredService<IJobStats>(), jobs);
            while (await Task.WhenAny(working, Task.Delay(pause, TimeProvider.System, CancellationToken.None)) != working)
            {
                var victim = kills++ % Workers;
                workers[victim].Kill();
                workers[victim].Dispose();
                workers[victim] = StartWorker(provider);
            }

            await working;
        }
        finally
        {
            foreach (var worker in workers)
            {
                worker.Kill();
                worker.Dispose();
            }
        }

        var elapsed = clock.Elapsed;
        var effects = await CountAsync(database, "SELECT count(*) FROM soak_effects");
        var runs = await CountAsync(database, "SELECT sum(runs) FROM soak_effects");
        var dead = await host.Services.GetRequiredService<IDeadJobs>().ListAsync(null, 1, CancellationToken.None);
        Console.WriteLine(
            $"| {provider} | {jobs} jobs, {Workers} workers, {kills} killed "
            + $"| {effects} effects, {runs - effects} run again, {elapsed.TotalSeconds:F0} s |");
        return effects == jobs && dead.Count == 0 ? 0 : 1;
    }

    /// <summary>One of the workers; runs until it is killed.</summary>
    public static async Task<int> RunWorkerAsync(string[] args)
    {
        using var host = BuildHost(args[0], isWorker: true);
        await host.RunAsync();
        return 0;
    }

    private static async Task WorkAsync(IJobQueue queue, IJobStats stats, int jobs)
    {
        await Parallel.ForEachAsync(
            Enumerable.Range(0, jobs),
            new ParallelOptions { MaxDegreeOfParallelism = Producers },
            async (number, cancellationToken) =>
            {
                var job = s_kind.Create(new LoadPayload("", number), TimeProvider.System);
                var result = await queue.EnqueueAsync(job, cancellationToken);
                if (result.Outcome != EnqueueOutcome.Enqueued)
                {
                    throw new InvalidOperationException($"The queue did not enqueue the job: {result.Outcome}.");
                }
            });
        while ((await stats.ReadAsync(CancellationToken.None)).Count > 0)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, CancellationToken.None);
        }
    }

    private static IHost BuildHost(string provider, bool isWorker)
    {
        var builder = JobQueueLoad.NewBuilder();
        JobQueueLoad.Configure(builder, provider, concurrency: 16);
        builder.Configuration["Jobs:LeaseDuration"] = "00:00:05";
        builder.AddMigrations();
        if (isWorker)
        {
            builder.AddJobs();
            builder.Services.AddJobHandler<LoadPayload, EffectHandler>(s_kind);
        }
        else
        {
            builder.AddJobQueue();
        }

        return builder.Build();
    }

    private static Process StartWorker(string provider) => Process.Start(Environment.ProcessPath!, ["jobs-soak-worker", provider]);

    private static async Task ExecuteAsync(NpgsqlDataSource database, string sql)
    {
        await using var command = database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<long> CountAsync(NpgsqlDataSource database, string sql)
    {
        await using var command = database.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    private sealed class EffectHandler(NpgsqlDataSource database) : IJobHandler<LoadPayload>
    {
        public async Task HandleAsync(LoadPayload payload, JobContext job, CancellationToken cancellationToken)
        {
            await using var command = database.CreateCommand(
                "INSERT INTO soak_effects AS e (number) VALUES ($1) ON CONFLICT (number) DO UPDATE SET runs = e.runs + 1");
            command.Parameters.Add(new() { Value = payload.Size });
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }
}
