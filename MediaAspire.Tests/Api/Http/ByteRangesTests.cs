using MediaAspire.Api.Http;

namespace MediaAspire.Tests.Api.Http;

public sealed class ByteRangesTests
{
    [Theory]
    [InlineData("bytes=0-0", 0, 1)]
    [InlineData("bytes=0-", 0, 100)]
    [InlineData("bytes=99-", 99, 1)]
    [InlineData("bytes=10-19", 10, 10)]
    [InlineData("bytes=90-1000", 90, 10)]
    [InlineData("bytes=-1", 99, 1)]
    [InlineData("bytes=-1000", 0, 100)]
    public void Select_OneRange_ReturnsIt(string header, long offset, long length)
    {
        var ranges = ByteRanges.Select(header, size: 100, maxRanges: 8);

        Assert.Equal([new ByteRange(offset, length)], ranges);
    }

    [Fact]
    public void Select_SeveralRanges_KeepsTheirOrderAndDropsTheUnsatisfiable()
    {
        var ranges = ByteRanges.Select("bytes=50-59,0-9,200-300", size: 100, maxRanges: 8);

        Assert.Equal([new ByteRange(50, 10), new ByteRange(0, 10)], ranges);
    }

    [Theory]
    [InlineData("bytes=100-")]
    [InlineData("bytes=-0")]
    [InlineData("bytes=500-600")]
    public void Select_NothingWithinTheFile_ReturnsEmpty(string header)
    {
        Assert.Empty(ByteRanges.Select(header, size: 100, maxRanges: 8)!);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("bytes")]
    [InlineData("bytes=a-b")]
    [InlineData("bytes=9-3")]
    [InlineData("lines=0-5")]
    [InlineData("bytes=0-0,1-1,2-2,3-3,4-4,5-5,6-6,7-7,8-8")]
    public void Select_WhatAServerMayIgnore_ReturnsNull(string? header)
    {
        Assert.Null(ByteRanges.Select(header, size: 100, maxRanges: 8));
    }

    [Fact]
    public void Select_EmptyFile_IsNeverSatisfiable()
    {
        Assert.Empty(ByteRanges.Select("bytes=0-", size: 0, maxRanges: 8)!);
    }

    [Fact]
    public void ToContentRange_NamesLastByteInclusive()
    {
        Assert.Equal("bytes 10-19/100", new ByteRange(10, 10).ToContentRange(100));
    }
}
