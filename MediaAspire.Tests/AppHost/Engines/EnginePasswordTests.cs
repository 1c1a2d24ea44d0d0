using System.Runtime.Versioning;
using MediaAspire.AppHost.Engines;

namespace MediaAspire.Tests.AppHost.Engines;

[UnsupportedOSPlatform("windows")]
public sealed class EnginePasswordTests : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("mediaaspire-password-");

    [Fact]
    public void Get_FirstTime_MakesAPrivateFileAndKeepsIt()
    {
        var path = Path.Combine(_root.FullName, "below", "postgres.password");

        var first = new EnginePassword(path).Get();
        var second = new EnginePassword(path).Get();

        Assert.Equal(32, first.Length);
        Assert.All(first, character => Assert.True(char.IsAsciiLetterOrDigit(character)));
        Assert.Equal(first, second);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
    }

    public void Dispose() => _root.Delete(recursive: true);
}
