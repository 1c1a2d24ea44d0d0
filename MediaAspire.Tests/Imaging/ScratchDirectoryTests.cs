using MediaAspire.Core.Imaging;
using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Imaging;

public sealed class ScratchDirectoryTests
{
    [Fact]
    public void A_shared_temp_folder_is_not_wiped_at_start()
    {
        using var root = new TemporaryDirectory();
        using var first = new ScratchDirectory(root.Path);
        var file = first.NewFile(".png");
        File.WriteAllText(file, "in use");

        using var second = new ScratchDirectory(root.Path);

        Assert.True(File.Exists(file));
        Assert.NotEqual(first.Path, second.Path);
    }

    [Fact]
    public void Start_LeftoversOfDeadProcess_AreRemoved()
    {
        using var root = new TemporaryDirectory();
        var left = Directory.CreateDirectory(Path.Combine(root.Path, "dead")).FullName;
        File.WriteAllText(Path.Combine(left, "lock"), "");
        File.WriteAllText(Path.Combine(left, "half.webp"), "left");

        using var scratch = new ScratchDirectory(root.Path);

        Assert.False(Directory.Exists(left));
    }

    [Fact]
    public void Dispose_Directory_IsRemoved()
    {
        using var root = new TemporaryDirectory();
        var scratch = new ScratchDirectory(root.Path);
        File.WriteAllText(scratch.NewFile(), "left");

        scratch.Dispose();

        Assert.Empty(Directory.EnumerateFileSystemEntries(root.Path));
    }
}
