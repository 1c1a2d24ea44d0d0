using MediaAspire.Core.Database;

namespace MediaAspire.Tests.Database;

public sealed class MigrationTests
{
    [Fact]
    public void ReadEmbedded_VersionsAscendFromOne()
    {
        var migrations = Migration.ReadEmbedded();

        Assert.NotEmpty(migrations);
        Assert.Equal(1, migrations[0].Version);
        Assert.All(migrations.Zip(migrations.Skip(1)), pair => Assert.True(pair.First.Version < pair.Second.Version));
        Assert.All(migrations, migration => Assert.NotEmpty(migration.Sql));
    }

    [Fact]
    public void Checksum_DependsOnTheSqlOnly()
    {
        Assert.Equal(new Migration(1, "a", "SELECT 1").Checksum, new Migration(2, "b", "SELECT 1").Checksum);
        Assert.NotEqual(new Migration(1, "a", "SELECT 1").Checksum, new Migration(1, "a", "SELECT 2").Checksum);
    }
}
