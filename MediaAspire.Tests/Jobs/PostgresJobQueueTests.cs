using MediaAspire.Core.Jobs;
using MediaAspire.Tests.Cluster;

namespace MediaAspire.Tests.Jobs;

[Collection(PostgresTests.Name)]
public sealed class PostgresJobQueueTests(PostgresFixture postgres) : JobQueueContract
{
    private protected override IJobEngine Engine { get; } = new PostgresJobEngine(postgres);

    [Fact]
    public async Task Enqueue_WithinATransaction_HappensIfItCommits()
    {
        await using var client = await Engine.OpenAsync();
        Assert.True(client.Queue.JoinsTransactions);

        Assert.Empty(await EnqueueAndClaimAsync(client, commit: false));
        Assert.Single(await EnqueueAndClaimAsync(client, commit: true));
    }

    private async Task<IReadOnlyList<ClaimedJob>> EnqueueAndClaimAsync(JobEngineClient client, bool commit)
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

        return (await client.Source.ClaimAsync(["test"], 1, TimeSpan.FromMinutes(1), CancellationToken.None)).Jobs;
    }
}
