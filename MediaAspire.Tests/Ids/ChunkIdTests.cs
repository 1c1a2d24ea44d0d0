using MediaAspire.Core.Ids;

namespace MediaAspire.Tests.Ids;

public sealed class ChunkIdTests
{
    [Fact]
    public void Write_AnyId_IsBigEndianAndReadsBack()
    {
        Assert.True(ChunkId.TryParse("00112233-4455-6677-8899-aabbccddeeff", out var id));
        var bytes = new byte[ChunkId.Size];

        id.Write(bytes);

        Assert.Equal("00112233445566778899AABBCCDDEEFF", Convert.ToHexString(bytes));
        Assert.Equal(id, ChunkId.Read(bytes));
    }

    [Fact]
    public void New_Always_IsAVersion7OfTheTimeGiven() => Assert.Equal(7, ChunkId.New(TimeProvider.System).Value.Version);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("../../etc/passwd")]
    [InlineData("{00112233-4455-6677-8899-aabbccddeeff}")]
    [InlineData("00112233445566778899aabbccddeeff")]
    public void TryParse_AnythingButTheHyphenatedForm_Fails(string? text) => Assert.False(ChunkId.TryParse(text, out _));
}
