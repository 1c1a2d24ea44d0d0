using MediaAspire.Core.Database;
using Npgsql;

namespace MediaAspire.Tests.Database;

public sealed class StatementNameTests
{
    [Theory]
    [InlineData("SELECT 1", "SELECT")]
    [InlineData("SELECT a, b\n FROM files f JOIN chunks c USING (file_id)", "SELECT files")]
    [InlineData("SELECT o.etag FROM objects o WHERE o.key = $1 FOR UPDATE OF o", "SELECT objects")]
    [InlineData("SELECT 1 FROM objects FOR NO KEY UPDATE", "SELECT objects")]
    [InlineData("insert into servers AS s (id) VALUES ($1) ON CONFLICT (id) DO UPDATE SET x = 1", "INSERT servers")]
    [InlineData("UPDATE files f SET holders = 1 FROM (SELECT 1) AS r", "UPDATE files")]
    [InlineData("WITH gone AS (DELETE FROM parts WHERE id = $1 RETURNING file_id) SELECT count(*) FROM gone", "DELETE parts")]
    [InlineData("WITH live AS (SELECT id FROM servers) SELECT count(*) FROM live", "SELECT servers")]
    [InlineData("SELECT generate_series(1, 3)", "SELECT")]
    [InlineData("LISTEN cluster_changed", "LISTEN")]
    [InlineData("COMMIT", "COMMIT")]
    [InlineData("", "statement")]
    public void Of_AStatement_IsItsOperationAndTable(string statement, string name) => Assert.Equal(name, StatementName.Of(statement));

    [Fact]
    public void Of_ABatch_IsItsFirstStatementsName()
    {
        using var batch = new NpgsqlBatch();
        batch.BatchCommands.Add(new("INSERT INTO files VALUES ($1)"));
        Assert.Equal("INSERT files", StatementName.Of(batch));

        batch.BatchCommands.Add(new("INSERT INTO chunks VALUES ($1)"));
        Assert.Equal("INSERT files and 1 more", StatementName.Of(batch));
    }
}
