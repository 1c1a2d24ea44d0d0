using MediaAspire.Core.Files;
using MediaAspire.Core.Ids;
using MediaAspire.Core.Integrity;
using MediaAspire.Tests.Harness;
using MediaAspire.Worker.Sweeping;
using Npgsql;

namespace MediaAspire.Tests.Sweeping;

public sealed partial class OrphansDutyTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task A_chunk_that_no_row_knows_is_reported_first_and_deleted_after_the_grace()
    {
        await using var cluster = await DutyCluster.StartAsync(postgres, nodes: 2, ("Sweeping:OrphanGrace", "00:00:01"));
        var kept = await cluster.StoreAsync();
        var orphan = await cluster.Nodes[1].PutAsync(TestBytes.Make(5, 500));
        Age(cluster.PathOn(1, orphan));

        await cluster.RunAsync<OrphansDuty>();

        Assert.Equal([1], cluster.NodesWith(orphan));
        Assert.Equal(1, (await cluster.Get<IntegrityReport>().CountAsync(default)).Untracked);
        var finding = Assert.Single(
            await cluster.Get<IntegrityReport>().ListAsync(IntegrityKind.Untracked, IntegrityPosition.Start, 10, default));
        Assert.Equal(
            (orphan, null, cluster.Servers[1], "node-1"), (finding.Chunk, finding.File, finding.Server!.Value, finding.ServerName));

        await postgres.ExecuteAsync("UPDATE untracked_chunks SET found_at = now() - interval '2 seconds'");
        await cluster.RunAsync<OrphansDuty>();

        Assert.Empty(cluster.NodesWith(orphan));
        Assert.True((await cluster.Get<IntegrityReport>().CountAsync(default)).AreZero);
        await AssertNotAdmittedAsync(orphan);
        Assert.Equal([0, 1], cluster.NodesWith(kept.Chunks[0].Id));
        Assert.Equal("stored stored", await cluster.StatesAsync(kept.Chunks[0].Id));
    }

    [Fact]
    public async Task A_chunk_that_vanished_after_it_was_found_is_no_longer_admitted()
    {
        await using var cluster = await DutyCluster.StartAsync(
            postgres, nodes: 1, ("Sweeping:OrphanGrace", "00:00:01"), ("Chunks:Copies", "1"));
        await cluster.StoreAsync();
        var orphan = await cluster.Nodes[0].PutAsync(TestBytes.Make(5, 500));
        Age(cluster.PathOn(0, orphan));
        await cluster.RunAsync<OrphansDuty>();
        await AssertNotAdmittedAsync(orphan);

        // As after a crash of the sweep, between the deletion of the file and that of the finding.
        File.Delete(cluster.PathOn(0, orphan));
        await cluster.RunAsync<OrphansDuty>();

        Assert.Equal(0, await postgres.ScalarAsync<long>("SELECT count(*) FROM untracked_chunks"));
        await AssertNotAdmittedAsync(orphan);
    }

    [Fact]
    public async Task A_young_chunk_file_is_not_even_reported()
    {
        await using var cluster = await DutyCluster.StartAsync(
            postgres, nodes: 1, ("Sweeping:OrphanGrace", "01:00:00"), ("Chunks:Copies", "1"));
        var orphan = await cluster.Nodes[0].PutAsync(TestBytes.Make(5, 500));

        await cluster.RunAsync<OrphansDuty>();

        Assert.Equal([0], cluster.NodesWith(orphan));
        Assert.Equal(0, (await cluster.Get<IntegrityReport>().CountAsync(default)).Untracked);
    }

    [Theory]
    [InlineData("writing")]
    [InlineData("copying")]
    [InlineData("failed")]
    [InlineData("corrupt")]
    public async Task A_chunk_with_a_row_in_any_state_is_never_collected(string status)
    {
        await using var cluster = await DutyCluster.StartAsync(postgres, nodes: 2);
        var chunk = (await cluster.StoreAsync()).Chunks[0].Id;
        await postgres.ExecuteAsync("UPDATE chunk_replicas SET status = $1 WHERE server_id = $2", status, cluster.Servers[1].Value);

        await cluster.RunAsync<OrphansDuty>();
        await cluster.RunAsync<OrphansDuty>();
        await cluster.RunAsync<RemovalDuty>();

        Assert.Equal([0, 1], cluster.NodesWith(chunk));
        Assert.Equal($"stored {status}", await cluster.StatesAsync(chunk));
        Assert.Equal(0, await postgres.ScalarAsync<long>("SELECT count(*) FROM untracked_chunks"));
    }

    [Fact]
    public async Task A_missing_copy_that_is_on_its_disk_again_is_a_stored_one_again()
    {
        await using var cluster = await DutyCluster.StartAsync(postgres, nodes: 2);
        var chunk = (await cluster.StoreAsync()).Chunks[0].Id;
        await postgres.ExecuteAsync("UPDATE chunk_replicas SET status = 'missing'");

        await cluster.RunAsync<OrphansDuty>();

        Assert.Equal("stored stored", await cluster.StatesAsync(chunk));
        Assert.True((await cluster.Get<IntegrityReport>().CountAsync(default)).AreZero);
    }

    [Theory]
    [InlineData("missing", true)]
    [InlineData("missing", false)]
    [InlineData(null, true)]
    [InlineData(null, false)]
    public async Task A_copy_that_is_on_a_disk_again_with_wrong_bytes_is_not_admitted(string? status, bool isDamaged)
    {
        await using var cluster = await DutyCluster.StartAsync(postgres, nodes: 2);
        var chunk = (await cluster.StoreAsync()).Chunks[0].Id;
        if (isDamaged)
        {
            FlipBit(cluster.PathOn(1, chunk));
        }
        else
        {
            cluster.Nodes[1].Store.Delete(chunk);
            await cluster.Nodes[1].PutAsync(TestBytes.Make(2, 1000), chunk);
        }

        if (status is null)
        {
            await postgres.ExecuteAsync("DELETE FROM chunk_replicas WHERE server_id = $1", cluster.Servers[1].Value);
        }
        else
        {
            await postgres.ExecuteAsync(
                "UPDATE chunk_replicas SET status = $1 WHERE server_id = $2", status, cluster.Servers[1].Value);
        }

        await cluster.RunAsync<OrphansDuty>();

        Assert.Equal($"stored {status ?? "-"}", await cluster.StatesAsync(chunk));
    }

    [Fact]
    public async Task An_untracked_copy_of_a_healthy_chunk_goes_by_way_of_removal()
    {
        await using var cluster = await DutyCluster.StartAsync(postgres, nodes: 3);
        var file = await cluster.StoreAsync();
        var chunk = file.Chunks[0].Id;
        var third = Enumerable.Range(0, 3).Except(cluster.NodesWith(chunk)).Single();
        await cluster.Nodes[third].PutAsync(TestBytes.Make(1, 1000), chunk);

        await cluster.RunAsync<OrphansDuty>();

        Assert.Equal("deleting", (await cluster.StatesAsync(chunk)).Split(' ')[third]);
        await cluster.RunAsync<RemovalDuty>();
        Assert.DoesNotContain(third, cluster.NodesWith(chunk));
        Assert.Equal(2, cluster.NodesWith(chunk).Length);
        Assert.True((await cluster.Get<IntegrityReport>().CountAsync(default)).AreZero);
    }

    [Fact]
    public async Task An_untracked_copy_of_a_chunk_with_too_few_others_is_admitted()
    {
        await using var cluster = await DutyCluster.StartAsync(postgres, nodes: 2);
        var chunk = (await cluster.StoreAsync()).Chunks[0].Id;
        await postgres.ExecuteAsync("DELETE FROM chunk_replicas WHERE server_id = $1", cluster.Servers[1].Value);

        await cluster.RunAsync<OrphansDuty>();
        await cluster.RunAsync<OrphansDuty>();
        await cluster.RunAsync<RemovalDuty>();

        Assert.Equal([0, 1], cluster.NodesWith(chunk));
        Assert.Equal("stored stored", await cluster.StatesAsync(chunk));
        Assert.True((await cluster.Get<IntegrityReport>().CountAsync(default)).AreZero);
    }

    [Fact]
    public async Task A_copy_that_repair_makes_of_an_untracked_chunk_is_no_longer_collected()
    {
        await using var cluster = await DutyCluster.StartAsync(postgres, nodes: 3);
        var chunk = (await cluster.StoreAsync()).Chunks[0].Id;
        var third = Enumerable.Range(0, 3).Except(cluster.NodesWith(chunk)).Single();
        await cluster.Nodes[third].PutAsync(TestBytes.Make(1, 1000), chunk);
        await postgres.ExecuteAsync(
            "INSERT INTO untracked_chunks (server_id, chunk_id, bytes, found_at) VALUES ($1, $2, 1, now() - interval '1 day')",
            cluster.Servers[third].Value, chunk.Value);
        await postgres.ExecuteAsync(
            "INSERT INTO chunk_replicas (chunk_id, server_id, status) VALUES ($2, $1, 'copying')",
            cluster.Servers[third].Value, chunk.Value);

        await cluster.Get<DiskFindings>().HandToRemovalAsync(cluster.OnRecord(third), default);
        await cluster.RunAsync<OrphansDuty>();

        Assert.Equal("copying", (await cluster.StatesAsync(chunk)).Split(' ')[third]);
        Assert.Equal(3, cluster.NodesWith(chunk).Length);
        Assert.Equal(0, await postgres.ScalarAsync<long>("SELECT count(*) FROM untracked_chunks"));
    }

    [Fact]
    public async Task A_chunk_file_that_vanished_makes_its_copy_missing_and_its_chunk_endangered()
    {
        await using var cluster = await DutyCluster.StartAsync(postgres, nodes: 2);
        var (whole, hurt) = (await cluster.StoreAsync(), await cluster.StoreAsync());
        var chunk = hurt.Chunks[0].Id;
        File.Delete(cluster.PathOn(1, chunk));

        await cluster.RunAsync<OrphansDuty>();

        Assert.Equal("stored missing", await cluster.StatesAsync(chunk));
        Assert.Equal("stored stored", await cluster.StatesAsync(whole.Chunks[0].Id));
        var counts = await cluster.Get<IntegrityReport>().CountAsync(default);
        Assert.Equal(new IntegrityCounts(Lost: 0, UnderReplicated: 1, Missing: 1, Corrupt: 0, Untracked: 0, Damaged: 0), counts);
        var missing = Assert.Single(
            await cluster.Get<IntegrityReport>().ListAsync(IntegrityKind.Missing, IntegrityPosition.Start, 10, default));
        Assert.Equal((chunk, hurt.Id, cluster.Servers[1]), (missing.Chunk, missing.File!.Value, missing.Server!.Value));
    }

    [Fact]
    public async Task A_torn_chunk_file_makes_its_copy_corrupt_and_is_reported_as_damaged()
    {
        await using var cluster = await DutyCluster.StartAsync(postgres, nodes: 2);
        var chunk = (await cluster.StoreAsync()).Chunks[0].Id;
        Tear(cluster.PathOn(0, chunk));

        await cluster.RunAsync<OrphansDuty>();

        Assert.Equal("corrupt stored", await cluster.StatesAsync(chunk));
        var counts = await cluster.Get<IntegrityReport>().CountAsync(default);
        Assert.Equal(new IntegrityCounts(Lost: 0, UnderReplicated: 1, Missing: 0, Corrupt: 1, Untracked: 0, Damaged: 1), counts);
    }

    [Fact]
    public async Task A_torn_chunk_file_that_no_row_knows_is_collected()
    {
        await using var cluster = await DutyCluster.StartAsync(postgres, nodes: 1, ("Chunks:Copies", "1"));
        var kept = (await cluster.StoreAsync()).Chunks[0].Id;
        var orphan = await cluster.Nodes[0].PutAsync(TestBytes.Make(5, 500));
        Tear(cluster.PathOn(0, orphan));

        await cluster.RunAsync<OrphansDuty>();
        await cluster.RunAsync<OrphansDuty>();

        Assert.Equal(cluster.PathOn(0, kept), Assert.Single(cluster.Nodes[0].Files));
        Assert.True((await cluster.Get<IntegrityReport>().CountAsync(default)).AreZero);
    }

    [Fact]
    public async Task A_server_that_does_not_answer_loses_nothing_and_the_others_are_compared()
    {
        await using var cluster = await DutyCluster.StartAsync(postgres, nodes: 3);
        var chunk = (await cluster.StoreAsync()).Chunks[0].Id;
        var stopped = cluster.NodesWith(chunk)[0];
        var before = await cluster.StatesAsync(chunk);
        await cluster.Nodes[stopped].StopAsync();

        await cluster.RunAsync<OrphansDuty>();

        Assert.Equal(before, await cluster.StatesAsync(chunk));
        var comparisons = await cluster.Get<IntegrityReport>().ReadComparisonsAsync(default);
        Assert.Equal(
            Enumerable.Range(0, 3).Except([stopped]),
            comparisons
                .Where(comparison => comparison.EndedAt is not null).Select(comparison => cluster.NodeOf(comparison.Server)).Order());
    }

    [Fact]
    public async Task A_server_whose_address_passed_to_another_one_is_not_judged_by_that_ones_disk()
    {
        await using var cluster = await DutyCluster.StartAsync(postgres, nodes: 3);
        var chunk = (await cluster.StoreAsync()).Chunks[0].Id;
        var holders = cluster.NodesWith(chunk);
        var third = Enumerable.Range(0, 3).Except(holders).Single();
        await cluster.RegisterAsync(holders[0], at: third);
        await cluster.RegisterAsync(third, at: holders[0]);
        var before = await cluster.StatesAsync(chunk);

        await cluster.RunAsync<OrphansDuty>();
        await cluster.RunAsync<OrphansDuty>();

        Assert.Equal(before, await cluster.StatesAsync(chunk));
        Assert.Equal(holders, cluster.NodesWith(chunk));
        Assert.True((await cluster.Get<IntegrityReport>().CountAsync(default)).AreZero);
    }

    [Fact]
    public async Task Uploads_and_deletions_beside_the_comparison_lose_no_byte_and_leave_no_finding()
    {
        await using var cluster = await DutyCluster.StartAsync(postgres, nodes: 3, ("Sweeping:PageSize", "5"));
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var ended = false;
        var collecting = Task.Run(async () =>
        {
            do
            {
                await cluster.RunAsync<DeletedFilesDuty>();
                await cluster.RunAsync<RemovalDuty>();
                await cluster.RunAsync<SessionsDuty>();
                await cluster.RunAsync<OrphansDuty>();
            }
            while (!Volatile.Read(ref ended));
        }, limit.Token);

        // Without a grace period a file of one run may be swept as an orphan before its commit, which is then refused, but never later.
        var kept = new List<ChunkId>();
        var refused = 0;
        for (var i = 0; i < 60; i++)
        {
            StoredFile file;
            try
            {
                file = await cluster.StoreAsync(bytes: i % 4 < 2 ? 1000 : 600_000, seed: i);
            }
            catch (FileWriteException failure) when (failure.Failure == FileWriteFailure.SessionLost && i % 4 < 2)
            {
                refused++;
                continue;
            }

            if (i % 2 == 0)
            {
                await cluster.Catalog.DeleteAsync(file.Id, owner: null, limit.Token);
            }
            else
            {
                kept.AddRange(file.Chunks.Select(chunk => chunk.Id));
            }
        }

        Volatile.Write(ref ended, true);
        await collecting.WaitAsync(limit.Token);
        await cluster.RunAsync<DeletedFilesDuty>();
        await cluster.RunAsync<RemovalDuty>();
        await cluster.RunAsync<OrphansDuty>();

        Assert.InRange(refused, 0, 30);
        Assert.All(kept, chunk => Assert.Equal(2, cluster.NodesWith(chunk).Length));
        Assert.Equal(2 * kept.Count, await postgres.ScalarAsync<long>("SELECT count(*) FROM chunk_replicas WHERE status = 'stored'"));
        Assert.Equal(2 * kept.Count, cluster.Nodes.Sum(node => node.Files.Length));
        Assert.True((await cluster.Get<IntegrityReport>().CountAsync(default)).AreZero);
    }

    // What a commit does that was held up for longer than the grace.
    private async Task AssertNotAdmittedAsync(ChunkId chunk)
    {
        var refusal = await Assert.ThrowsAsync<PostgresException>(
            () => postgres.ExecuteAsync("SELECT admit_chunk($1, ARRAY[]::uuid[])", chunk.Value));
        Assert.Equal("MA001", refusal.SqlState);
    }

    private static void Age(string path) => File.SetLastWriteTimeUtc(path, File.GetLastWriteTimeUtc(path).AddMinutes(-1));

    private static void FlipBit(string path)
    {
        using var file = File.Open(path, FileMode.Open, FileAccess.ReadWrite);
        var first = file.ReadByte();
        file.Position = 0;
        file.WriteByte((byte)(first ^ 1));
    }

    private static void Tear(string path)
    {
        using var file = File.OpenWrite(path);
        file.SetLength(file.Length - 7);
    }
}
