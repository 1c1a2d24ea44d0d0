namespace MediaAspire.Tests.Faults;

public sealed class CampaignBytesTests
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(0, 1000)]
    [InlineData(1, 998)]
    [InlineData(7, 1)]
    [InlineData(8, 8)]
    [InlineData(501, 333)]
    public void Make_Part_EqualsThatPartOfTheWhole(int offset, int length)
    {
        var whole = CampaignBytes.Make(42, 0, 1000);

        Assert.Equal(whole[offset..(offset + length)], CampaignBytes.Make(42, offset, length));
    }

    [Fact]
    public void Make_OtherNumber_OtherBytes() =>
        Assert.False(CampaignBytes.Make(42, 0, 64).AsSpan().SequenceEqual(CampaignBytes.Make(43, 0, 64)));
}
