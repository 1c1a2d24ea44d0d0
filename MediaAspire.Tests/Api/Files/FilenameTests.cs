using MediaAspire.Api.Files;

namespace MediaAspire.Tests.Api.Files;

public sealed class FilenameTests
{
    [Theory]
    [InlineData("photo.jpg")]
    [InlineData("Ünïcode 照片.png")]
    [InlineData("..hidden")]
    [InlineData("a..b")]
    [InlineData("quote\".txt")]
    public void Check_OrdinaryNames_AreFine(string filename)
    {
        Assert.Null(Filename.Check(filename, maxBytes: 255));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("../etc/passwd")]
    [InlineData("..\\windows")]
    [InlineData("/absolute")]
    [InlineData("line\nbreak")]
    [InlineData("nul\0")]
    [InlineData("bad\uFFFDutf8")]
    public void Check_PathsAndControlCharacters_AreRefused(string? filename)
    {
        Assert.NotNull(Filename.Check(filename, maxBytes: 255));
    }

    [Fact]
    public void Check_Length_IsCountedInBytesOfUtf8()
    {
        Assert.Null(Filename.Check(new string('é', 127), maxBytes: 255));
        Assert.NotNull(Filename.Check(new string('é', 128), maxBytes: 255));
    }
}
