using MediaAspire.Tests.Harness;
using MediaAspire.Worker.Sweeping;
using Npgsql;

namespace MediaAspire.Tests.Sweeping;

public sealed class SessionsDutyTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private static readonly TimeSpan s_over = TimeSpan.FromSeconds(-1);
    private static readonly TimeSpan s_open = TimeSpan.FromHours(1);

    [Fact]
    public async Task An_upload_whose_session_ran_out_leaves_neither_bytes_nor_rows()
    {
        await using var cluster = await DutyCluster.StartAsync(postgres, nodes: 3);
        var upload = await cluster.BeginAsync(s_over);

        Assert.Equal(1, await cluster.RunAsync<SessionsDuty>());

        Assert.Equal("failed", await cluster.StatusAsync(upload.File));
        Assert.Equal("deleting deleting -", await cluster.StatesAsync(upload.Chunk.Id));
        Assert.Equal([0, 1], cluster.NodesWith(upload.Chunk.Id));

        await cluster.RunAsync<RemovalDuty>();

        Assert.Empty(cluster.NodesWith(upload.Chunk.Id));
        Assert.Null(await cluster.StatusAsync(upload.File));
        Assert.Equal(0, await postgres.ScalarAsync<long>("SELECT count(*) FROM upload_sessions"));
        Assert.Equal(0, await postgres.ScalarAsync<long>("SELECT count(*) FROM chunks"));
    }

    [Fact]
    public async Task An_upload_in_progress_is_never_swept()
    {
        await using var cluster = await DutyCluster.StartAsync(postgres, nodes: 2);
        var upload = await cluster.BeginAsync(s_open);

        Assert.Equal(0, await cluster.RunAsync<SessionsDuty>());
        await cluster.RunAsync<RemovalDuty>();
        await cluster.RunAsync<OrphansDuty>();
        await cluster.RunAsync<OrphansDuty>();

        Assert.Equal("writing writing", await cluster.StatesAsync(upload.Chunk.Id));
        Assert.NotNull(await cluster.CommitAsync(upload));
        Assert.Equal("stored stored", await cluster.StatesAsync(upload.Chunk.Id));
        Assert.Equal([0, 1], cluster.NodesWith(upload.Chunk.Id));
    }

    [Fact]
    public async Task A_commit_that_comes_after_the_sweep_fails()
    {
        await using var cluster = await DutyCluster.StartAsync(postgres, nodes: 2);
        var upload = await cluster.BeginAsync(s_over);
        await cluster.RunAsync<SessionsDuty>();

        Assert.Null(await cluster.CommitAsync(upload));

        Assert.Equal("deleting deleting", await cluster.StatesAsync(upload.Chunk.Id));
        Assert.Null(await cluster.Catalog.FindAsync(upload.File, default));
    }

    [Fact]
    public async Task A_commit_before_the_sweep_keeps_the_file_even_when_its_session_had_run_out()
    {
        await using var cluster = await DutyCluster.StartAsync(postgres, nodes: 2);
        var upload = await cluster.BeginAsync(s_over);
        Assert.NotNull(await cluster.CommitAsync(upload));

        Assert.Equal(0, await cluster.RunAsync<SessionsDuty>());

        Assert.Equal("stored stored", await cluster.StatesAsync(upload.Chunk.Id));
    }

    [Fact]
    public async Task An_upload_that_goes_on_just_as_it_is_about_to_be_swept_is_left_alone()
    {
        await using var cluster = await DutyCluster.StartAsync(postgres, nodes: 2);
        var upload = await cluster.BeginAsync(s_over);
        await using var connection = await postgres.Database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using (var touch = new NpgsqlCommand(
            "UPDATE upload_sessions SET expires_at = now() + interval '1 hour'", connection, transaction))
        {
            await touch.ExecuteNonQueryAsync();
        }

        var sweep = cluster.RunAsync<SessionsDuty>();
        await Until.TrueAsync("the sweep waits for the upload", async () => await postgres.CountWaitingAsync() > 0);
        await transaction.CommitAsync();

        Assert.Equal(0, await sweep);
        Assert.Equal("uploading", await cluster.StatusAsync(upload.File));
        Assert.NotNull(await cluster.CommitAsync(upload));
    }

    [Fact]
    public async Task Commits_that_race_with_sweepers_end_whole_or_not_at_all()
    {
        await using var cluster = await DutyCluster.StartAsync(postgres, nodes: 2, ("Sweeping:PageSize", "3"));
        var uploads = new List<DutyCluster.Unfinished>();
        for (var i = 0; i < 40; i++)
        {
            // The sweepers start at the other end, so that they and the commits meet in between.
            uploads.Insert(0, await cluster.BeginAsync(s_over));
        }

        var sweeps = new[] { cluster.RunAsync<SessionsDuty>(), cluster.RunAsync<SessionsDuty>() };
        var commits = await Task.WhenAll(uploads.Select(cluster.CommitAsync));
        await Task.WhenAll(sweeps);
        await cluster.RunAsync<SessionsDuty>();

        foreach (var (upload, completedAt) in uploads.Zip(commits))
        {
            var (file, copies) = completedAt is null ? ("failed", "deleting") : ("completed", "stored");
            Assert.Equal(file, await cluster.StatusAsync(upload.File));
            Assert.Equal($"{copies} {copies}", await cluster.StatesAsync(upload.Chunk.Id));
        }

        await cluster.RunAsync<RemovalDuty>();

        Assert.All(uploads.Zip(commits), pair => Assert.Equal(pair.Second is null ? [] : [0, 1], cluster.NodesWith(pair.First.Chunk.Id)));
    }

    [Fact]
    public async Task A_copy_that_a_paused_upload_adds_after_the_sweep_is_swept_too()
    {
        await using var cluster = await DutyCluster.StartAsync(postgres, nodes: 3);
        var upload = await cluster.BeginAsync(s_over);
        await cluster.RunAsync<SessionsDuty>();
        await cluster.Catalog.AddCopyAsync(upload.Chunk.Id, cluster.Servers[2], default);

        await cluster.RunAsync<SessionsDuty>();

        Assert.Equal("deleting deleting deleting", await cluster.StatesAsync(upload.Chunk.Id));
    }

    [Theory]
    [InlineData("failed")]
    [InlineData("uploading")]
    public async Task A_file_without_a_session_is_swept_after_the_grace(string status)
    {
        await using var cluster = await DutyCluster.StartAsync(postgres, nodes: 2, ("Sweeping:UnfinishedGrace", "00:10:00"));
        var upload = await cluster.BeginAsync(s_open);
        await postgres.ExecuteAsync("DELETE FROM upload_sessions");
        await postgres.ExecuteAsync("UPDATE files SET upload_status = $1", status);
        Assert.Equal(0, await cluster.RunAsync<SessionsDuty>());

        await postgres.ExecuteAsync("UPDATE files SET created_at = now() - interval '11 minutes'");
        Assert.Equal(1, await cluster.RunAsync<SessionsDuty>());

        Assert.Equal("failed", await cluster.StatusAsync(upload.File));
        Assert.Equal("deleting deleting", await cluster.StatesAsync(upload.Chunk.Id));
    }

    [Fact]
    public async Task An_upload_that_was_aborted_and_could_not_reach_a_server_is_swept_at_once()
    {
        await using var cluster = await DutyCluster.StartAsync(postgres, nodes: 2);
        var upload = await cluster.BeginAsync(s_open);
        Assert.True(await cluster.Catalog.TryAbandonAsync(upload.File, default));

        Assert.Equal(1, await cluster.RunAsync<SessionsDuty>());
        await cluster.RunAsync<RemovalDuty>();

        Assert.Empty(cluster.NodesWith(upload.Chunk.Id));
        Assert.Null(await cluster.StatusAsync(upload.File));
    }
}
