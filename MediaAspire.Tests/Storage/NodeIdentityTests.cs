using MediaAspire.Core.Ids;
using MediaAspire.Storage;
using MediaAspire.Storage.Membership;
using MediaAspire.Storage.Volumes;
using MediaAspire.Tests.Harness;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace MediaAspire.Tests.Storage;

public sealed class NodeIdentityTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Acquire_SecondTime_KeepsTheId()
    {
        using var first = Make();
        first.Acquire();
        var id = first.Id;
        first.Dispose();
        using var second = Make();

        second.Acquire();

        Assert.Equal(id, second.Id);
        Assert.NotEqual(Guid.Empty, id.Value);
    }

    [Fact]
    public void Acquire_DirectoryOfALivingNode_SaysWhichDirectory()
    {
        using var first = Make();
        first.Acquire();
        using var second = Make();

        var error = Assert.Throws<DataDirectoryException>(second.Acquire);

        Assert.Contains(_directory.Path, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Acquire_IdUnreadable_RefusesRatherThanTakeAnother()
    {
        File.WriteAllText(Path.Combine(_directory.Path, "server_id"), "garbage");
        using var identity = Make();

        Assert.Throws<DataDirectoryException>(identity.Acquire);
    }

    [Fact]
    public void Join_NewDisk_KeepsTheClusterOverRestarts()
    {
        var cluster = new ClusterId(Guid.CreateVersion7());
        using var first = Make();
        first.Acquire();
        Assert.Null(first.Cluster);

        first.Join(cluster);

        Assert.Equal(cluster, first.Cluster);
        first.Dispose();
        using var second = Make();
        second.Acquire();
        Assert.Equal(cluster, second.Cluster);
        Assert.Throws<InvalidOperationException>(() => second.Join(new ClusterId(Guid.CreateVersion7())));
        Assert.Equal($"{cluster}\n", File.ReadAllText(second.ClusterPath));
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n")]
    [InlineData("c1057e70-0000-4000-80")]
    [InlineData("c1057e70-0000-4000-8000-000000000001 c1057e70-0000-4000-8000-000000000001")]
    public void Acquire_ClusterIdUnreadable_RefusesAndSaysHowToGoOn(string text)
    {
        File.WriteAllText(Path.Combine(_directory.Path, "cluster_id"), text);
        using var identity = Make();

        var error = Assert.Throws<DataDirectoryException>(identity.Acquire);

        Assert.Contains(identity.ClusterPath, error.Message, StringComparison.Ordinal);
        Assert.Contains("SELECT cluster_id FROM cluster", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Join_AfterACrashBeforeTheName_TakesTheWholeId()
    {
        File.WriteAllText(Path.Combine(_directory.Path, "cluster_id.new"), "c1057e70-00");
        var cluster = new ClusterId(Guid.CreateVersion7());
        using var identity = Make();
        identity.Acquire();
        Assert.Null(identity.Cluster);

        identity.Join(cluster);

        Assert.Equal($"{cluster}\n", File.ReadAllText(identity.ClusterPath));
        Assert.False(File.Exists(identity.ClusterPath + ".new"));
    }

    [Fact]
    public void Id_BeforeClaim_Throws()
    {
        using var identity = Make();

        Assert.Throws<InvalidOperationException>(() => identity.Id);
    }

    private NodeIdentity Make() => new(
        Options.Create(new StorageOptions { DataDirectory = _directory.Path }), TimeProvider.System, NullLogger<NodeIdentity>.Instance);
}
