using MediaAspire.Tests.Cluster;
using MediaAspire.Tests.Jobs;

namespace MediaAspire.Tests.Queue;

[Collection(PostgresTests.Name)]
public sealed class PostgresJobConsumerTests(PostgresFixture postgres) : JobConsumerContract
{
    private protected override IJobEngine Engine { get; } = new PostgresJobEngine(postgres);
}
