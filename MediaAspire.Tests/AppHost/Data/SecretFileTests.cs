using MediaAspire.AppHost.Data;

namespace MediaAspire.Tests.AppHost.Data;

public sealed class SecretFileTests : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("mediaaspire-secret-");

    [Fact]
    public void Get_FirstTime_MakesAPrivateFileAndKeepsIt()
    {
        var path = Path.Combine(_root.FullName, "below", "postgres.password");

        var first = new SecretFile(path, SecretFile.NewPassword).Get();
        var second = new SecretFile(path, () => throw new InvalidOperationException("There is one.")).Get();

        Assert.Equal(32, first.Length);
        Assert.All(first, character => Assert.True(char.IsAsciiLetterOrDigit(character)));
        Assert.Equal(first, second);
        Assert.Equal([path], Directory.GetFiles(Path.GetDirectoryName(path)!));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        }
    }

    [Fact]
    public void Get_HalfASecretWasLeftBehind_MakesAWholeOne()
    {
        var path = Path.Combine(_root.FullName, "secrets-key");
        File.WriteAllText(path + ".new", "hal");

        Assert.Equal("whole", new SecretFile(path, () => "whole").Get());
        Assert.Equal("whole", File.ReadAllText(path));
    }

    public void Dispose() => _root.Delete(recursive: true);
}
