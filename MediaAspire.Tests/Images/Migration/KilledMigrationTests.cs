using System.Globalization;
using MediaAspire.Core.Images;
using MediaAspire.Core.Images.Migration;
using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Images.Migration;

/// <summary>
/// Migrations whose process is killed at any step: what it had begun never goes on and cleans nothing up. The variable
/// MEDIAASPIRE_MIGRATED_IMAGES sets the number of images, 40 by default.
/// </summary>
public sealed class KilledMigrationTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private const int Kills = 20;

    private static readonly int s_images = int.Parse(
        Environment.GetEnvironmentVariable("MEDIAASPIRE_MIGRATED_IMAGES") ?? "40", CultureInfo.InvariantCulture);

    [Theory]
    [InlineData(ImageStore.S3, 1)]
    [InlineData(ImageStore.Chunks, 2)]
    public async Task A_migration_that_is_killed_twenty_times_loses_nothing_and_doubles_nothing(ImageStore target, int seed)
    {
        await using var harness = await MigrationHarness.StartAsync(postgres, await TestCluster.StartAsync(2));
        var random = new Random(seed);
        await harness.ExecuteAsync("INSERT INTO image_settings VALUES ('store', $1)", target == ImageStore.S3 ? "chunks" : "s3");
        await harness.AddAsync(s_images, seed);
        await harness.Migrations.StartAsync(target, bytesPerSecond: null, default);

        using var stopped = new CancellationTokenSource();
        var load = LoadAsync(harness, seed, stopped.Token);
        for (var kill = 0; kill < Kills; kill++)
        {
            // In all, half of the images are on their way or moved when the kills end.
            await RunAndKillAsync(harness, 1 + random.Next(Math.Max(1, s_images * 5 / Kills)));
        }

        while ((await harness.Migrations.FindAsync(default))!.State == MigrationState.Running)
        {
            await harness.RunAsync();
        }

        await stopped.CancelAsync();
        await load;
        await harness.RunAsync();

        await harness.AssertAllInAsync(target);
        var end = (await harness.Migrations.FindAsync(default))!;
        Assert.Equal((MigrationState.Done, 0L), (end.State, end.Failures));
    }

    /// <summary>Runs the duty until some steps are done, then it stands still for ever, at whatever steps it is.</summary>
    private static async Task RunAndKillAsync(MigrationHarness harness, int steps)
    {
        var killed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var never = new TaskCompletionSource();
        var duty = harness.CreateDuty((_, _) =>
        {
            if (Interlocked.Decrement(ref steps) > 0)
            {
                return Task.CompletedTask;
            }

            killed.TrySetResult();
            return never.Task;
        });

        var running = duty.RunAsync(CancellationToken.None);
        await await Task.WhenAny(killed.Task, running);
    }

    /// <summary>Reads, adds and removes images meanwhile.</summary>
    private static async Task LoadAsync(MigrationHarness harness, int seed, CancellationToken stopped)
    {
        for (var i = 0; !stopped.IsCancellationRequested; i++)
        {
            var known = harness.Images.ToArray();
            var (image, (blob, bytes)) = known[i % known.Length];
            Assert.Equal(bytes, await harness.ReadAsync(blob));
            await harness.DeleteObjectsAsync();
            if (i % 10 == 0)
            {
                await harness.AddAsync(1, (seed * 100_000) + i);
                await harness.RemoveAsync(image);
            }
        }
    }
}
