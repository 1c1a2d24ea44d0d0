using MediaAspire.Core.Media;
using MediaAspire.Core.Media.Usage;
using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Media.Usage;

public sealed class MediaUsageCounterTests(PostgresFixture postgres) : IAsyncLifetime, IClassFixture<PostgresFixture>
{
    // The state is derived here by itself, not by the platform's function. One statement is one snapshot.
    private const string Differences =
        """
        SELECT count(*) FROM
            (SELECT owner, kind, is_public, CASE WHEN removed_at IS NOT NULL THEN 3 WHEN status = 1 THEN 1 ELSE 2 END AS state,
                count(*) AS items, sum(size) AS bytes FROM media GROUP BY 1, 2, 3, 4) a
        FULL JOIN
            (SELECT owner, kind, is_public, state, sum(items) AS items, sum(bytes) AS bytes
             FROM (SELECT * FROM media_usage UNION ALL SELECT * FROM media_usage_deltas) AS u GROUP BY 1, 2, 3, 4) c
        USING (owner, kind, is_public, state)
        WHERE coalesce(a.items, 0) <> coalesce(c.items, 0) OR coalesce(a.bytes, 0) <> coalesce(c.bytes, 0)
        """;

    private MediaUsageCounter Counter => new(postgres.Database);

    public Task InitializeAsync() => postgres.ClearAsync("media", "media_usage", "media_usage_deltas");

    public Task DisposeAsync() => Task.CompletedTask;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_report_is_equal_to_a_full_count_in_every_snapshot(int seed)
    {
        const int writers = 6;
        const int changes = 300;
        using var ended = new CancellationTokenSource();
        var folded = 0L;
        var snapshots = 0;

        var folding = RepeatAsync(async () => folded += await Counter.FoldAsync(50, default));
        var foldingToo = RepeatAsync(() => Counter.FoldAsync(7, default));
        var auditing = RepeatAsync(async () => Assert.Equal(default, await Counter.AuditAsync(default)));
        var comparing = RepeatAsync(async () =>
        {
            Assert.Equal(0L, await postgres.ScalarAsync<long>(Differences));
            snapshots++;
        });
        try
        {
            await Task.WhenAll(Enumerable.Range(0, writers).Select(writer => Task.Run(async () =>
            {
                var rows = new MediaRows(postgres.Database, new Random(seed * 100 + writer));
                for (var i = 0; i < changes; i++)
                {
                    await rows.ChangeAsync();
                }
            })));
        }
        finally
        {
            await ended.CancelAsync();
            await Task.WhenAll(folding, foldingToo, auditing, comparing);
        }

        Assert.True(folded > 100 && snapshots > 20, $"{folded} deltas were folded, {snapshots} snapshots were compared.");
        await AssertReportsAsync();
        while (await Counter.FoldAsync(1000, default) > 0)
        {
        }

        Assert.Equal(0L, await postgres.ScalarAsync<long>("SELECT count(*) FROM media_usage_deltas"));
        await AssertReportsAsync();

        async Task RepeatAsync(Func<Task> action)
        {
            while (!ended.IsCancellationRequested)
            {
                await action();
                await Task.Yield();
            }
        }
    }

    [Fact]
    public async Task A_report_separates_kinds_access_pending_items_and_the_trash()
    {
        await AddAsync("alice", "image", status: 3, size: 10);
        await AddAsync("alice", "image", status: 5, size: 20, "is_public = true");
        await AddAsync("alice", "video", status: 2, size: 300);
        await AddAsync("alice", "video", status: 1, size: 4000);
        await AddAsync("alice", "video", status: 1, size: 5000, "is_public = true");
        await AddAsync("alice", "image", status: 3, size: 60_000, "removed_at = now()");
        await AddAsync("bob", "image", status: 3, size: 700_000);

        var report = await Counter.ReportAsync(new MediaOwner("alice"), default);

        Assert.Equal(
            [
                new MediaKindUsage(MediaKind.Image, new(2, 30), new(1, 20)),
                new MediaKindUsage(MediaKind.Video, new(1, 300), default),
            ],
            [.. report.Kinds]);
        Assert.Equal((new MediaCount(3, 330), new MediaCount(1, 20)), (report.Stored, report.Public));
        Assert.Equal((new MediaCount(2, 9000), new MediaCount(1, 60_000)), (report.Pending, report.Trash));
        Assert.Equal(new(4, 700_330), (await Counter.ReportAsync(owner: null, default)).Stored);
    }

    [Fact]
    public async Task An_owner_without_items_has_an_empty_report()
    {
        await AddAsync("alice", "image", status: 3, size: 10);
        await postgres.ExecuteAsync("DELETE FROM media");

        foreach (var owner in new[] { "alice", "nobody", "' OR true --" })
        {
            var report = await Counter.ReportAsync(new MediaOwner(owner), default);
            Assert.Empty(report.Kinds);
            Assert.Equal(default, report.Stored + report.Pending + report.Trash);
        }
    }

    [Fact]
    public async Task A_change_of_nothing_that_is_counted_adds_no_delta()
    {
        await AddAsync("alice", "image", status: 2, size: 10);
        var before = await postgres.ScalarAsync<long>("SELECT count(*) FROM media_usage_deltas");

        await postgres.ExecuteAsync("UPDATE media SET name = 'other', tags = '{a}', status = 4, alias = 'a'");

        Assert.Equal(before, await postgres.ScalarAsync<long>("SELECT count(*) FROM media_usage_deltas"));
    }

    [Fact]
    public async Task An_audit_finds_and_corrects_counters_that_were_changed_by_hand_and_drops_those_that_are_zero()
    {
        await AddAsync("alice", "image", status: 3, size: 10);
        await AddAsync("bob", "image", status: 3, size: 20);
        await Counter.FoldAsync(1000, default);
        await postgres.ExecuteAsync("DELETE FROM media WHERE owner = 'bob'");
        await postgres.ExecuteAsync("UPDATE media_usage SET items = items + 2, bytes = bytes - 3 WHERE owner = 'alice'");

        Assert.Equal(new(2, 3), await Counter.AuditAsync(default));
        Assert.Equal(default, await Counter.AuditAsync(default));
        await AssertReportsAsync();
        await Counter.FoldAsync(1000, default);
        Assert.Equal(default, await Counter.AuditAsync(default));
        Assert.Equal(1L, await postgres.ScalarAsync<long>("SELECT count(*) FROM media_usage"));
    }

    private async Task AssertReportsAsync()
    {
        foreach (var owner in new string?[] { "alice", "bob", "Ünïcode ☃", null })
        {
            var report = await Counter.ReportAsync(owner is null ? null : new MediaOwner(owner), default);
            Assert.Equal(await CountAsync(owner, "status <> 1 AND removed_at IS NULL"), report.Stored);
            Assert.Equal(await CountAsync(owner, "status <> 1 AND removed_at IS NULL AND is_public"), report.Public);
            Assert.Equal(await CountAsync(owner, "status = 1 AND removed_at IS NULL"), report.Pending);
            Assert.Equal(await CountAsync(owner, "removed_at IS NOT NULL"), report.Trash);
            foreach (var kind in report.Kinds)
            {
                var condition = $"kind = '{MediaKinds.NameOf(kind.Kind)}' AND status <> 1 AND removed_at IS NULL";
                Assert.Equal(await CountAsync(owner, condition), kind.Stored);
            }
        }
    }

    private async Task<MediaCount> CountAsync(string? owner, string condition)
    {
        await using var command = postgres.Database.CreateCommand(
            $"SELECT count(*), coalesce(sum(size), 0)::bigint FROM media WHERE ($1::text IS NULL OR owner = $1) AND {condition}");
        command.Parameters.Add(new() { Value = (object?)owner ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text });
        await using var reader = await command.ExecuteReaderAsync();
        await reader.ReadAsync();
        return new(reader.GetInt64(0), reader.GetInt64(1));
    }

    private async Task AddAsync(string owner, string kind, int status, long size, string? assignment = null)
    {
        await using var connection = await postgres.Database.OpenConnectionAsync();
        var id = Guid.CreateVersion7();
        await MediaRows.InsertAsync(connection, id, owner, kind, status, size);
        if (assignment is not null)
        {
            await postgres.ExecuteAsync($"UPDATE media SET {assignment} WHERE media_id = '{id}'");
        }
    }
}
