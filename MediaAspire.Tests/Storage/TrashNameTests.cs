using MediaAspire.Core.Ids;
using MediaAspire.Storage.Chunks;

namespace MediaAspire.Tests.Storage;

public sealed class TrashNameTests
{
    private const string Text = "000000605400123.20261130T101500Z.unknown.0193a6f0-0000-7000-8000-0000000000f3.chunk";

    [Fact]
    public void Parse_Name_GivesAllOfItAndItsPlace()
    {
        Assert.True(TrashName.TryParse(Text, out var name));

        Assert.Equal(
            (TimeSpan.FromMilliseconds(605_400_123), new DateTimeOffset(2026, 11, 30, 10, 15, 0, TimeSpan.Zero), TrashReason.Unknown),
            (name.At, name.Date, name.Reason));
        Assert.Equal(new ChunkId(new Guid("0193a6f0-0000-7000-8000-0000000000f3")), name.Chunk);
        Assert.Equal(Text, name.ToString());
        Assert.Equal($"00000168/{Text}", name.RelativePath);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("../../etc/passwd")]
    [InlineData("../000000605400123.20261130T101500Z.unknown.0193a6f0-0000-7000-8000-0000000000f3.chunk")]
    [InlineData("00605400123.20261130T101500Z.unknown.0193a6f0-0000-7000-8000-0000000000f3.chunk")]
    [InlineData("-00000605400123.20261130T101500Z.unknown.0193a6f0-0000-7000-8000-0000000000f3.chunk")]
    [InlineData("999999999999999.20261130T101500Z.other.0193a6f0-0000-7000-8000-0000000000f3.chunk")]
    [InlineData("000000605400123.20261330T101500Z.unknown.0193a6f0-0000-7000-8000-0000000000f3.chunk")]
    [InlineData("000000605400123.20261130T101500Z.unknown.0193A6F0-0000-7000-8000-0000000000F3.chunk")]
    [InlineData("000000605400123.20261130T101500Z.unknown.x.chunk")]
    [InlineData("000000605400123.20261130T101500Z.unknown.0193a6f0-0000-7000-8000-0000000000f3")]
    public void Parse_AnythingElse_IsRefused(string? text) => Assert.False(TrashName.TryParse(text, out _));
}
