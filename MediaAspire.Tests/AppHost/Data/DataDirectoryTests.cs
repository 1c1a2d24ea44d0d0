using System.Runtime.Versioning;
using Aspire.Hosting;
using MediaAspire.AppHost.Data;

namespace MediaAspire.Tests.AppHost.Data;

[UnsupportedOSPlatform("windows")]
public sealed class DataDirectoryTests : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("mediaaspire-data-");

    [Fact]
    public void Acquire_HeldByAnother_IsAClearErrorUntilThatEnds()
    {
        using var second = new DataDirectory(_root.FullName);
        using (var first = new DataDirectory(_root.FullName))
        {
            first.Acquire();

            var failure = Assert.Throws<DistributedApplicationException>(second.Acquire);
            Assert.Contains($"'{_root.FullName}' is in use by another AppHost", failure.Message, StringComparison.Ordinal);
        }

        second.Acquire();
    }

    [Fact]
    public void Acquire_NotThereYet_MakesADirectoryThatOtherAccountsCanPass()
    {
        using var data = new DataDirectory(Path.Combine(_root.FullName, "new"));

        data.Acquire();

        Assert.True(File.GetUnixFileMode(data.Path).HasFlag(UnixFileMode.OtherExecute));
    }

    [Fact]
    public void GetId_SameDirectory_StaysUntilTheDirectoryGoes()
    {
        var path = Path.Combine(_root.FullName, "data");
        using var data = new DataDirectory(path);
        var id = data.GetId();

        data.Clear();
        Assert.Equal(id, data.GetId());

        Directory.Delete(path, recursive: true);
        Assert.NotEqual(id, data.GetId());
    }

    [Fact]
    public void Clear_DropsEverythingButStaysLocked()
    {
        using var first = new DataDirectory(_root.FullName);
        using var second = new DataDirectory(_root.FullName);
        first.Acquire();
        _root.CreateSubdirectory("storage-1");
        File.WriteAllText(Path.Combine(_root.FullName, "postgres.password"), "secret");

        first.Clear();

        Assert.Empty(_root.GetDirectories());
        Assert.Single(_root.GetFiles());
        Assert.Throws<DistributedApplicationException>(second.Acquire);
    }

    public void Dispose() => _root.Delete(recursive: true);
}
