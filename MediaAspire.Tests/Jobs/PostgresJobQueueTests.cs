using MediaAspire.Core.Jobs;
using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Jobs;

public sealed class PostgresJobQueueTests(PostgresFixture postgres) : JobQueueContract, IClassFixture<PostgresFixture>
{
    private protected override IJobEngine Engine { get; } = new PostgresJobEngine(postgres);

    [Fact]
    public async Task Enqueue_WithinATransaction_HappensIfItCommits()
    {
        await using var client = await Engine.OpenAsync();
        Assert.True(client.Queue.JoinsTransactions);

        Assert.Empty(await EnqueueAndTakeAsync(client, commit: false));
        Assert.Single(await EnqueueAndTakeAsync(client, commit: true));
    }

    [Fact]
    public async Task Join_AddsTheJobWithTheBatch_AndTellsTheOutcomeAfterIt()
    {
        await using var client = await Engine.OpenAsync();
        await using var left = postgres.Database.CreateBatch();
        await using var batch = postgres.Database.CreateBatch();
        var job = TestJobs.Create() with { UniqueKey = "a" };

        Assert.NotNull(await client.Queue.JoinAsync(job, left, CancellationToken.None));
        var first = await client.Queue.JoinAsync(job, batch, CancellationToken.None);
        var second = await client.Queue.JoinAsync(TestJobs.Create() with { UniqueKey = "a" }, batch, CancellationToken.None);
        await batch.ExecuteNonQueryAsync();

        Assert.Equal((EnqueueOutcome.Enqueued, EnqueueOutcome.AlreadyWaiting), (first!(), second!()));
        var taken = await client.Source.TakeAsync([job.Kind], 10, TimeSpan.FromMinutes(1), CancellationToken.None);
        Assert.Equal(job.Id, Assert.Single(taken.Jobs).Id);
    }

    [Fact]
    public async Task A_worker_reads_only_what_it_takes_however_long_the_queue_is()
    {
        const int rounds = 20;
        const int limit = 16;

        // More urgent jobs: as many that are not due, and as many of other kinds.
        await ExecuteAsync("""
            INSERT INTO jobs (id, kind, priority, run_at, max_attempts, payload)
            SELECT gen_random_uuid(), 'test', 0, now() + interval '1 hour', 1, '{}'::json FROM generate_series(1, 30000)
            UNION ALL SELECT gen_random_uuid(), 'other-test', 0, now(), 1, '{}'::json FROM generate_series(1, 30000)
            UNION ALL SELECT gen_random_uuid(), 'test', 1, now(), 1, '{}'::json FROM generate_series(1, 40000)
            """);
        var (rowsScanned, rowsFetched) = await ReadCountsAsync();

        await using (var client = await Engine.OpenAsync())
        {
            for (var i = 0; i < rounds; i++)
            {
                var jobs = (await client.Source.TakeAsync(["test"], limit, TimeSpan.FromMinutes(1), CancellationToken.None)).Jobs;
                Assert.Equal(limit, jobs.Count);
                Assert.Empty(await client.Source.HeartbeatAsync(jobs, TimeSpan.FromMinutes(1), CancellationToken.None));
                await client.Source.CompleteAsync(jobs, CancellationToken.None);
            }
        }

        // PostgreSQL adds the counts of a session when the session ends, shortly after it was closed.
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var after = await ReadCountsAsync();
        while (after.Fetched < rowsFetched + (rounds * limit))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, patience.Token);
            after = await ReadCountsAsync();
        }

        Assert.Equal(rowsScanned, after.Scanned);
        Assert.InRange(after.Fetched - rowsFetched, rounds * limit, rounds * limit * 10);
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var command = postgres.Database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    private async Task<(long Scanned, long Fetched)> ReadCountsAsync()
    {
        await using var command = postgres.Database.CreateCommand(
            "SELECT coalesce(seq_tup_read, 0), coalesce(idx_tup_fetch, 0) FROM pg_stat_user_tables WHERE relname = 'jobs'");
        await using var reader = await command.ExecuteReaderAsync();
        Assert.True(await reader.ReadAsync());
        return (reader.GetInt64(0), reader.GetInt64(1));
    }

    private async Task<IReadOnlyList<LeasedJob>> EnqueueAndTakeAsync(JobEngineClient client, bool commit)
    {
        await using var connection = await postgres.Database.OpenConnectionAsync();
        await using (var transaction = await connection.BeginTransactionAsync())
        {
            var result = await client.Queue.EnqueueAsync(TestJobs.Create() with { UniqueKey = "a" }, transaction, CancellationToken.None);
            Assert.Equal(EnqueueOutcome.Enqueued, result.Outcome);
            if (commit)
            {
                await transaction.CommitAsync();
            }
        }

        return (await client.Source.TakeAsync(["test"], 1, TimeSpan.FromMinutes(1), CancellationToken.None)).Jobs;
    }
}
