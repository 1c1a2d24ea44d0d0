using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Storage.Volumes;

/// <summary>Tests that other users of the machine cannot read a node's files, whatever the umask is.</summary>
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class PrivateFilesTests
{
    private const UnixFileMode PrivateFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode PrivateDirectory = PrivateFile | UnixFileMode.UserExecute;
    private const UnixFileMode OpenToAll = (UnixFileMode)0b111_111_111;

    [Fact]
    public async Task Chunks_directories_and_ids_of_a_node_are_private()
    {
        using var disk = new TemporaryDirectory();
        await using var node = await TestNode.StartAsync(directory: disk);

        await node.PutAsync(TestBytes.Make(1, 1000));
        await node.PutAsync(TestBytes.Make(2, 3_000_000));

        using var put = await node.Client.BeginPutAsync(
            Core.Ids.ChunkId.New(TimeProvider.System), Core.Ids.FileId.New(TimeProvider.System), null, default);
        Assert.Single(node.Incoming);
        await node.CheckHealthAsync();
        AssertPrivate(disk.Path);
    }

    [Fact]
    public async Task Directories_and_ids_that_were_open_to_all_are_private_after_a_start()
    {
        using var disk = new TemporaryDirectory();
        await using (var first = await TestNode.StartAsync(directory: disk))
        {
            await first.PutAsync(TestBytes.Make(1, 1000));
        }

        foreach (var directory in new DirectoryInfo(disk.Path).EnumerateDirectories("*", SearchOption.AllDirectories))
        {
            directory.UnixFileMode = OpenToAll;
        }

        File.SetUnixFileMode(disk.Path, OpenToAll);
        File.SetUnixFileMode(Path.Combine(disk.Path, "server_id"), OpenToAll);

        await using var second = await TestNode.StartAsync(directory: disk);

        AssertPrivate(disk.Path);
    }

    private static void AssertPrivate(string path)
    {
        Assert.Equal(PrivateDirectory, File.GetUnixFileMode(path));
        var entries = new DirectoryInfo(path).GetFileSystemInfos("*", SearchOption.AllDirectories);
        Assert.NotEmpty(entries.OfType<FileInfo>());
        Assert.All(entries, entry => Assert.Equal(
            (entry.FullName, entry is DirectoryInfo ? PrivateDirectory : PrivateFile), (entry.FullName, entry.UnixFileMode)));
    }
}
