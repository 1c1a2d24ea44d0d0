using MediaAspire.Api.S3.Locks;

namespace MediaAspire.Tests.Api.S3.Locks;

public sealed class RetainUntilTests
{
    [Theory]
    [InlineData("2030-01-02T03:04:05Z", "2030-01-02T03:04:05.0000000")]
    [InlineData("2030-01-02T03:04:05", "2030-01-02T03:04:05.0000000")]
    [InlineData("2030-01-02T03:04:05.1Z", "2030-01-02T03:04:05.1000000")]
    [InlineData("2030-01-02T03:04:05.123Z", "2030-01-02T03:04:05.1230000")]
    [InlineData("2030-01-02T03:04:05.123001Z", "2030-01-02T03:04:05.1240000")]
    [InlineData("2030-01-02T03:04:05.999999999Z", "2030-01-02T03:04:06.0000000")]
    [InlineData("2030-01-02T03:04:05+01:00", "2030-01-02T02:04:05.0000000")]
    [InlineData("20300102T030405Z", "2030-01-02T03:04:05.0000000")]
    [InlineData("2030-01-02T03:04Z", "2030-01-02T03:04:00.0000000")]
    [InlineData("2030-01-02", "2030-01-02T00:00:00.0000000")]
    public void Parse_Iso8601_IsRoundedUpToTheMillisecond(string text, string expected) =>
        Assert.Equal($"{expected}+00:00", RetainUntil.Parse(text)?.ToString("O"));

    [Theory]
    [InlineData("")]
    [InlineData("tomorrow")]
    [InlineData("Wed, 02 Jan 2030 03:04:05 GMT")]
    [InlineData("2030-02-30T00:00:00Z")]
    [InlineData("1893553445")]
    [InlineData("9999-12-31T23:59:59.9999999Z")]
    public void Parse_AnythingElse_IsNoTime(string text) => Assert.Null(RetainUntil.Parse(text));
}
