using MediaAspire.Core.Images;
using MediaAspire.Core.Images.Migration;
using MediaAspire.Core.ObjectStore;
using MediaAspire.Tests.Harness;
using MediaAspire.Worker.StoreMigration;
using Npgsql;

namespace MediaAspire.Tests.Images.Migration;

public sealed class StoreMigrationTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task Images_move_to_the_object_store_and_back()
    {
        await using var harness = await StartAsync();
        await harness.AddAsync(12, seed: 1);

        Assert.True(await harness.Migrations.StartAsync(ImageStore.S3, bytesPerSecond: null, default));
        Assert.Equal(12, await harness.RunAsync());

        await harness.AssertAllInAsync(ImageStore.S3);
        var there = (await harness.Migrations.FindProgressAsync(default))!;
        Assert.Equal((MigrationState.Done, 12L, 0L), (there.Migration.State, there.Migration.MovedBlobs, there.RemainingBlobs));

        Assert.True(await harness.Migrations.StartAsync(ImageStore.Chunks, bytesPerSecond: null, default));
        Assert.Equal(12, await harness.RunAsync());

        await harness.AssertAllInAsync(ImageStore.Chunks);
    }

    [Fact]
    public async Task New_images_go_to_the_target_as_soon_as_a_migration_starts()
    {
        await using var harness = await StartAsync();

        await harness.Migrations.StartAsync(ImageStore.S3, bytesPerSecond: null, default);
        await harness.AddAsync(2, seed: 2);

        Assert.Equal(2, await harness.CountAsync("SELECT count(*) FROM image_blobs WHERE object_key IS NOT NULL"));
    }

    [Fact]
    public async Task A_cancelled_migration_leaves_what_it_moved_and_stores_new_images_where_it_did_before()
    {
        await using var harness = await StartAsync();
        await harness.AddAsync(4, seed: 3);
        await harness.Migrations.StartAsync(ImageStore.S3, bytesPerSecond: null, default);
        var moved = 0;
        var duty = harness.CreateDuty(
            async (step, token) =>
            {
                if (step == MoveStep.Switched && Interlocked.Increment(ref moved) == 2)
                {
                    Assert.True(await harness.Migrations.CancelAsync(token));
                }
            },
            new StoreMigrationOptions { Concurrency = 1, BytesPerSecond = 0 });

        Assert.Equal(2, await duty.RunAsync(default));
        await harness.AddAsync(1, seed: 4);

        Assert.Equal(2, await harness.CountAsync("SELECT count(*) FROM image_blobs WHERE object_key IS NOT NULL"));
        Assert.Equal(3, await harness.CountAsync("SELECT count(*) FROM image_blobs WHERE file_id IS NOT NULL"));
        Assert.Equal(0, await harness.CountAsync("SELECT count(*) FROM image_blob_copies"));
        Assert.Equal(0, await harness.RunAsync());
        Assert.Equal(MigrationState.Cancelled, (await harness.Migrations.FindAsync(default))!.State);
        await harness.DeleteObjectsAsync();
        Assert.Equal(2, harness.Objects.Keys.Count);
    }

    [Fact]
    public async Task A_paused_migration_moves_nothing_until_it_is_resumed()
    {
        await using var harness = await StartAsync();
        await harness.AddAsync(3, seed: 5);
        await harness.Migrations.StartAsync(ImageStore.S3, bytesPerSecond: null, default);
        var duty = harness.CreateDuty(async (step, token) =>
        {
            if (step == MoveStep.Copied)
            {
                await harness.Migrations.PauseAsync(token);
            }
        });

        Assert.Equal(0, await duty.RunAsync(default));

        Assert.Equal(0, await harness.CountAsync("SELECT count(*) FROM image_blob_copies WHERE object_key IS NOT NULL"));
        await harness.DeleteObjectsAsync();
        Assert.Empty(harness.Objects.Keys);
        Assert.Equal(0, await harness.RunAsync());

        Assert.True(await harness.Migrations.ResumeAsync(default));
        Assert.Equal(3, await harness.RunAsync());
        await harness.AssertAllInAsync(ImageStore.S3);
    }

    [Fact]
    public async Task A_second_migration_is_refused_while_one_runs()
    {
        await using var harness = await StartAsync();

        Assert.True(await harness.Migrations.StartAsync(ImageStore.S3, bytesPerSecond: null, default));
        Assert.False(await harness.Migrations.StartAsync(ImageStore.Chunks, bytesPerSecond: null, default));

        Assert.Equal(ImageStore.S3, await harness.Blobs.FindCurrentStoreAsync(default));
    }

    [Fact]
    public async Task Fifty_failures_in_a_row_end_a_migration_and_name_the_reason()
    {
        await using var harness = await StartAsync();
        await harness.AddAsync(60, seed: 6);
        harness.Objects.Before = (call, _) =>
        {
            if (call == "put")
            {
                throw new ObjectStoreException("The bucket is full.", "QuotaExceeded", innerException: null);
            }
        };
        await harness.Migrations.StartAsync(ImageStore.S3, bytesPerSecond: null, default);

        await harness.CreateDuty(options: new StoreMigrationOptions { Concurrency = 1, BytesPerSecond = 0 }).RunAsync(default);

        var progress = (await harness.Migrations.FindProgressAsync(default))!;
        Assert.Equal(MigrationState.Failed, progress.Migration.State);
        Assert.Equal(50, progress.Migration.Failures);
        Assert.Equal("The bucket is full.", progress.Migration.Error);
        Assert.Equal(60, progress.RemainingBlobs);
        Assert.Equal(50, progress.Failing.Count);
        Assert.Equal(0, await harness.CountAsync("SELECT count(*) FROM image_blob_copies WHERE object_key IS NOT NULL"));

        harness.Objects.Before = null;
        Assert.True(await harness.Migrations.StartAsync(ImageStore.S3, bytesPerSecond: null, default));
        Assert.Equal(60, await harness.RunAsync());
        await harness.AssertAllInAsync(ImageStore.S3);
    }

    [Fact]
    public async Task Failures_between_successes_do_not_end_a_migration()
    {
        await using var harness = await StartAsync();
        await harness.AddAsync(3, seed: 7);
        var refused = 0;
        harness.Objects.Before = (call, _) =>
        {
            if (call == "put" && Interlocked.Increment(ref refused) == 1)
            {
                throw new ObjectStoreException("Slow down.", "SlowDown", innerException: null);
            }
        };
        await harness.Migrations.StartAsync(ImageStore.S3, bytesPerSecond: null, default);

        Assert.Equal(2, await harness.RunAsync());
        Assert.Equal(MigrationState.Running, (await harness.Migrations.FindAsync(default))!.State);
        Assert.Equal(1, await harness.RunAsync());

        await harness.AssertAllInAsync(ImageStore.S3);
    }

    [Fact]
    public async Task A_copy_that_the_store_has_changed_is_not_put_into_place()
    {
        await using var harness = await StartAsync();
        await harness.AddAsync(1, seed: 8);
        await harness.Migrations.StartAsync(ImageStore.S3, bytesPerSecond: null, default);
        var duty = harness.CreateDuty((step, _) =>
        {
            if (step == MoveStep.Copied)
            {
                harness.Objects.Upload(harness.Objects.Keys.Single(), "other bytes"u8.ToArray());
            }

            return Task.CompletedTask;
        });

        Assert.Equal(0, await duty.RunAsync(default));

        Assert.Equal(1, await harness.CountAsync("SELECT count(*) FROM image_blobs WHERE file_id IS NOT NULL"));
        Assert.Contains("SHA-256", (await harness.Migrations.FindAsync(default))!.Error, StringComparison.Ordinal);
        Assert.Equal(1, await harness.RunAsync());
        await harness.AssertAllInAsync(ImageStore.S3);
    }

    [Theory]
    [InlineData(MoveStep.Recorded)]
    [InlineData(MoveStep.Copied)]
    [InlineData(MoveStep.Verified)]
    internal async Task An_image_that_is_deleted_during_its_move_leaves_nothing(MoveStep deletedAt)
    {
        await using var harness = await StartAsync();
        await harness.AddAsync(1, seed: 9);
        await harness.Migrations.StartAsync(ImageStore.S3, bytesPerSecond: null, default);
        var duty = harness.CreateDuty(async (step, _) =>
        {
            if (step == deletedAt && harness.Images.Keys.FirstOrDefault() is var image && image != Guid.Empty)
            {
                await harness.RemoveAsync(image);
            }
        });

        Assert.Equal(0, await duty.RunAsync(default));

        await harness.AssertAllInAsync(ImageStore.S3);
    }

    [Fact]
    public async Task A_copy_that_another_process_replaces_while_it_is_put_into_place_is_not_put_there()
    {
        await using var harness = await StartAsync();
        await harness.AddAsync(1, seed: 11);
        await harness.Migrations.StartAsync(ImageStore.S3, bytesPerSecond: null, default);
        await using var connection = await postgres.Database.OpenConnectionAsync();
        await using var other = await connection.BeginTransactionAsync();
        var replaced = new TaskCompletionSource();
        var duty = harness.CreateDuty(async (step, token) =>
        {
            if (step == MoveStep.Verified && !replaced.Task.IsCompleted)
            {
                await using var replacing = new NpgsqlCommand("UPDATE image_blob_copies SET object_key = 'images/other'", connection, other);
                await replacing.ExecuteNonQueryAsync(token);
                replaced.SetResult();
            }
        });

        var running = duty.RunAsync(default);
        await replaced.Task;
        await Until.TrueAsync("the move waits for the copy", async () => await postgres.CountWaitingAsync() > 0);
        await other.CommitAsync();
        await running;
        await harness.DeleteObjectsAsync();
        await harness.RunAsync();

        await harness.AssertAllInAsync(ImageStore.S3);
    }

    [Fact]
    public async Task A_blob_that_is_stored_elsewhere_after_the_end_is_moved_as_well()
    {
        await using var harness = await StartAsync();
        await harness.Migrations.StartAsync(ImageStore.S3, bytesPerSecond: null, default);
        Assert.Equal(0, await harness.RunAsync());
        Assert.Equal(MigrationState.Done, (await harness.Migrations.FindAsync(default))!.State);

        // As a process does that looked for the store before the start.
        await harness.ExecuteAsync("DELETE FROM image_settings");
        await harness.AddAsync(1, seed: 10);
        await harness.ExecuteAsync("INSERT INTO image_settings VALUES ('store', 's3')");

        Assert.Equal(1, await harness.RunAsync());
        await harness.AssertAllInAsync(ImageStore.S3);
    }

    [Fact]
    public async Task TakeAsync_MoreThanTheRate_Waits()
    {
        var time = new ManualTime();
        var budget = new ByteBudget(1000, time);

        await budget.TakeAsync(2000, default);
        var second = budget.TakeAsync(500, default);

        Assert.False(second.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(1.9));
        Assert.False(second.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(0.2));
        await second.WaitAsync(TimeSpan.FromSeconds(10));
    }

    private async Task<MigrationHarness> StartAsync() => await MigrationHarness.StartAsync(postgres, await TestCluster.StartAsync(2));
}
