using Aspire.Hosting;
using MediaAspire.AppHost.Engines.Processes;

namespace MediaAspire.Tests.AppHost.Engines;

public sealed class EngineProgramsTests : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("mediaaspire-programs-");

    [Fact]
    public void Find_NothingInstalled_IsOneErrorThatNamesBothPackages()
    {
        var failure = Assert.Throws<DistributedApplicationException>(() => EnginePrograms.Find([_root.FullName], redisServer: null));

        Assert.Contains("postgresql", failure.Message, StringComparison.Ordinal);
        Assert.Contains("redis-server", failure.Message, StringComparison.Ordinal);
        Assert.Contains("eng/install-engines.sh", failure.Message, StringComparison.Ordinal);
        Assert.Contains("--Engines=containers", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Find_OnlyRedisMissing_NamesOnlyThat()
    {
        var directory = Install("15");

        var failure = Assert.Throws<DistributedApplicationException>(() => EnginePrograms.Find([directory], redisServer: null));

        Assert.Contains("these programs are missing: redis-server.", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Find_ServerWithoutInitdb_DoesNotCount()
    {
        var directory = Install("15");
        File.Delete(Path.Combine(directory, "initdb"));

        Assert.Throws<DistributedApplicationException>(() => EnginePrograms.Find([directory], "/usr/bin/redis-server"));
    }

    [Fact]
    public void PostgresDirectories_SeveralVersions_NewestFirstByNumber()
    {
        Install("9.6");
        Install("15");
        Install("100");

        var versions = Executables.PostgresDirectories(_root.FullName).Select(bin => Path.GetFileName(Path.GetDirectoryName(bin)));

        Assert.Equal(["100", "15", "9.6"], versions);
    }

    public void Dispose() => _root.Delete(recursive: true);

    private string Install(string version)
    {
        var bin = _root.CreateSubdirectory(Path.Combine(version, "bin")).FullName;
        foreach (var program in new[] { "initdb", "postgres" })
        {
            File.WriteAllText(Path.Combine(bin, program), "");
        }

        return bin;
    }
}
