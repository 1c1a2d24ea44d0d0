using MediaAspire.Core.NamedFiles;
using MediaAspire.Tests.Graph;
using MediaAspire.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;

namespace MediaAspire.Tests.NamedFiles;

/// <summary>The duty that sweeps staging and enqueues lost splits again.</summary>
public sealed class StagingDutyTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private readonly string _client = $"client {Guid.CreateVersion7()}";

    [Fact]
    public async Task What_a_put_left_before_its_row_is_swept_and_the_late_put_fails()
    {
        await using var api = await NamedFilesApi.StartAsync(postgres, runsJobs: false, ("Splitting:OrphanAge", "00:00:01"));
        await api.PutOkAsync(_client, "kept", [7]);
        var orphan = await api.Staging.StageAsync(TestBytes.Make(1, 200_000));
        await using var late = api.Staging.Area.Create();
        await late.WriteAsync(TestBytes.Make(2, 200_000), CancellationToken.None);
        await api.WaitUntilOlderAsync(TimeSpan.FromSeconds(1), count: 3);

        await api.Duty.RunAsync(CancellationToken.None);

        Assert.Equal(1, (await api.Staging.Area.MeasureAsync(CancellationToken.None)).Values);
        Assert.False(await api.Staging.Area.FreeAsync(orphan.Id, CancellationToken.None));
        var store = api.Services.GetRequiredService<NamedFileStore>();
        Assert.Equal(PutOutcome.Abandoned, await store.PutAsync(new(Owner: null, _client, "late"), late, CancellationToken.None));
        using (var unknown = await api.GetAsync(_client, "late"))
        {
            await unknown.AssertProblemAsync(404, "named-file-not-found");
        }

        Assert.Equal([7], await api.GetOkAsync(_client, "kept"));
    }

    [Fact]
    public async Task A_database_of_another_cluster_frees_nothing_that_is_staged()
    {
        await using var api = await NamedFilesApi.StartAsync(postgres, runsJobs: false, ("Splitting:OrphanAge", "00:00:01"));
        await api.PutOkAsync(_client, "a", [7]);
        var version = (await api.FindAsync(_client, "a")).Version;
        await api.Duty.RunAsync(CancellationToken.None);
        Assert.Equal(PostgresFixture.Cluster, await api.Staging.Area.ReadOwnerAsync(CancellationToken.None));
        await api.WaitUntilOlderAsync(TimeSpan.FromSeconds(1), count: 1);

        // As an empty database: no row, and an identity of its own.
        await postgres.ExecuteAsync("CREATE TABLE named_files_aside AS SELECT * FROM named_files");
        await postgres.ClearAsync("named_files");
        await postgres.ExecuteAsync("UPDATE cluster SET cluster_id = gen_random_uuid()");
        try
        {
            await api.Duty.RunAsync(CancellationToken.None);
            var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => api.SplitAsync(version));
            Assert.Contains($"{PostgresFixture.Cluster}", failure.Message, StringComparison.Ordinal);
        }
        finally
        {
            await postgres.ExecuteAsync("UPDATE cluster SET cluster_id = $1", PostgresFixture.Cluster.Value);
            await postgres.ExecuteAsync("INSERT INTO named_files SELECT * FROM named_files_aside");
            await postgres.ExecuteAsync("DROP TABLE named_files_aside");
        }

        Assert.Equal(1, (await api.Staging.Area.MeasureAsync(CancellationToken.None)).Values);
        Assert.Equal([7], await api.GetOkAsync(_client, "a"));
        await api.SplitAsync(version);
        Assert.Equal([7], await api.GetOkAsync(_client, "a"));
        await api.Staging.AssertEmptyAsync();
    }

    [Fact]
    public async Task Values_from_before_cluster_ids_stay_until_the_database_knows_one_of_them()
    {
        await using var api = await NamedFilesApi.StartAsync(postgres, runsJobs: false, ("Splitting:OrphanAge", "00:00:01"));
        await api.Staging.StageAsync(TestBytes.Make(1, 1000));
        await api.WaitUntilOlderAsync(TimeSpan.FromSeconds(1), count: 1);

        await api.Duty.RunAsync(CancellationToken.None);
        Assert.Equal(1, (await api.Staging.Area.MeasureAsync(CancellationToken.None)).Values);
        Assert.Null(await api.Staging.Area.ReadOwnerAsync(CancellationToken.None));

        // The first of two acquires staging: the split of a version that the database knows, or the duty that sees one.
        await api.PutOkAsync(_client, "a", [7]);
        await api.SplitAsync((await api.FindAsync(_client, "a")).Version);
        Assert.Equal(PostgresFixture.Cluster, await api.Staging.Area.ReadOwnerAsync(CancellationToken.None));
        await api.Duty.RunAsync(CancellationToken.None);
        Assert.Equal(0, (await api.Staging.Area.MeasureAsync(CancellationToken.None)).Values);
        Assert.Equal(PostgresFixture.Cluster, await api.Staging.Area.ReadOwnerAsync(CancellationToken.None));
        Assert.Equal([7], await api.GetOkAsync(_client, "a"));
    }

    [Fact]
    public async Task A_version_whose_job_was_lost_is_enqueued_again()
    {
        await using var api = await NamedFilesApi.StartAsync(postgres, runsJobs: false, ("Splitting:RequeueAfter", "00:00:01"));
        await api.PutOkAsync(_client, "a", [1]);
        Assert.Equal(1, await api.CountAsync("SELECT count(*) FROM jobs"));
        await using (var lose = postgres.Database.CreateCommand(
            "DELETE FROM jobs; UPDATE named_files SET enqueued_at = now() - interval '2 s'"))
        {
            await lose.ExecuteNonQueryAsync();
        }

        await api.Duty.RunAsync(CancellationToken.None);
        await api.Duty.RunAsync(CancellationToken.None);

        Assert.Equal(1, await api.CountAsync("SELECT count(*) FROM jobs"));
    }
}
