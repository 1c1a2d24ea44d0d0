using MediaAspire.Storage.Volumes;
using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Storage.Volumes;

public sealed class MountTableTests
{
    // The mounts of a Docker container, shortened, with a volume, a volume below it, and a directory with a blank.
    private const string Container = """
        631 553 0:57 / / rw,relatime master:240 - overlay overlay rw,lowerdir=/var/lib/docker/overlay2/l/A,upperdir=/x,workdir=/y
        632 631 0:60 / /proc rw,nosuid,nodev,noexec,relatime - proc proc rw
        633 631 0:61 / /dev rw,nosuid - tmpfs tmpfs rw,size=65536k,mode=755
        640 631 254:1 /var/lib/docker/volumes/data/_data /var/lib/mediaaspire rw,relatime master:1 shared:7 - ext4 /dev/vda1 rw
        641 640 254:2 / /var/lib/mediaaspire/cold rw,relatime - xfs /dev/vdb rw
        642 631 0:70 / /mnt/with\040blank rw - tmpfs tmpfs rw
        643 631 254:3 / /mnt/twice rw - ext4 /dev/vdc rw
        644 643 0:71 / /mnt/twice rw - tmpfs tmpfs rw

        """;

    [Theory]
    [InlineData("/", "/", "overlay")]
    [InlineData("/var/lib", "/", "overlay")]
    [InlineData("/var/lib/mediaaspire", "/var/lib/mediaaspire", "ext4")]
    [InlineData("/var/lib/mediaaspire/node/not/made/yet", "/var/lib/mediaaspire", "ext4")]
    [InlineData("/var/lib/mediaaspire/cold/1", "/var/lib/mediaaspire/cold", "xfs")]
    [InlineData("/var/lib/mediaaspire-2", "/", "overlay")]
    [InlineData("/mnt/with blank/x", "/mnt/with blank", "tmpfs")]
    [InlineData("/mnt/twice/x", "/mnt/twice", "tmpfs")]
    public void Find_Path_IsOnTheDeepestMountAboveIt(string path, string point, string fileSystem)
    {
        Assert.Equal(new Mount(point, fileSystem), MountTable.Parse(Container).Find(path));
    }

    [Fact]
    public void Find_LinkInThePath_IsFollowed()
    {
        using var directory = new TemporaryDirectory();
        Directory.CreateDirectory(Path.Combine(directory.Path, "volume"));
        Directory.CreateSymbolicLink(Path.Combine(directory.Path, "first"), "second");
        Directory.CreateSymbolicLink(Path.Combine(directory.Path, "second"), Path.Combine(directory.Path, "volume"));
        var table = MountTable.Parse($"""
            1 0 0:1 / / rw - overlay overlay rw
            2 1 0:2 / {directory.Path}/volume rw - ext4 /dev/vda rw
            """);

        Assert.Equal("ext4", table.Find(Path.Combine(directory.Path, "first", "chunks"))?.FileSystem);
        Assert.Equal("overlay", table.Find(directory.Path)?.FileSystem);
    }

    [Fact]
    public void Find_LinksInACircle_Throws()
    {
        using var directory = new TemporaryDirectory();
        Directory.CreateSymbolicLink(Path.Combine(directory.Path, "a"), "b");
        Directory.CreateSymbolicLink(Path.Combine(directory.Path, "b"), "a");

        Assert.Throws<IOException>(() => MountTable.Parse(Container).Find(Path.Combine(directory.Path, "a", "chunks")));
    }

    [Fact]
    public void Parse_ThisMachine_KnowsWhatTheRootLiesOn()
    {
        Assert.Equal("/", MountTable.Parse(File.ReadAllText("/proc/self/mountinfo")).Find("/")?.Point);
    }
}
