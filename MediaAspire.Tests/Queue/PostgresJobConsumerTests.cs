using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Queue;

public sealed class PostgresJobConsumerTests(PostgresFixture postgres) : JobConsumerContract, IClassFixture<PostgresFixture>
{
    private protected override IJobEngine Engine { get; } = new PostgresJobEngine(postgres);
}
