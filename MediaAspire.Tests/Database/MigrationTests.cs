using MediaAspire.Core.Database;

namespace MediaAspire.Tests.Database;

public sealed class MigrationTests
{
    [Fact]
    public void ReadEmbedded_VersionsCountFromOneWithoutAGap()
    {
        var migrations = Migration.ReadEmbedded();

        Assert.NotEmpty(migrations);
        Assert.Equal(Enumerable.Range(1, migrations.Count), migrations.Select(migration => migration.Version));
        Assert.All(migrations, migration => Assert.NotEmpty(migration.Sql));
    }

    [Fact]
    public void Checksum_DependsOnTheSqlOnly()
    {
        Assert.Equal(new Migration(1, "a", "SELECT 1").Checksum, new Migration(2, "b", "SELECT 1").Checksum);
        Assert.NotEqual(new Migration(1, "a", "SELECT 1").Checksum, new Migration(1, "a", "SELECT 2").Checksum);
    }
}
