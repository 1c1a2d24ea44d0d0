using System.Buffers;
using System.Text;
using MediaAspire.Api.S3.Signing;
using MediaAspire.Core.AccessKeys;
using Microsoft.AspNetCore.Http;

namespace MediaAspire.Tests.Api.S3.Signing;

public sealed class SigningPartsTests
{
    [Theory]
    [InlineData("/b/k?a=b", "/b/k", "a=b")]
    [InlineData("/b//k%2F..?", "/b//k%2F..", "")]
    [InlineData("/b/a?b?c=d?e", "/b/a", "b?c=d?e")]
    [InlineData("http://h:9000/b/k?acl", "/b/k", "acl")]
    [InlineData("http://h", "/", "")]
    [InlineData("http://h?list-type=2", "/", "list-type=2")]
    [InlineData("/http://h/k", "/http://h/k", "")]
    [InlineData("*", "*", "")]
    public void SplitTarget_AnyForm_KeepsWhatWasSent(string target, string path, string query)
    {
        Assert.Equal((path, query), RequestToVerify.SplitTarget(target));
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("acl", "acl=")]
    [InlineData("b=2&a=1", "a=1&b=2")]
    [InlineData("a=2&a=1&A=0", "A=0&a=1&a=2")]
    [InlineData("a=&b", "a=&b=")]
    [InlineData("&&a=1&", "a=1")]
    [InlineData("a=b=c", "a=b%3Dc")]
    [InlineData("p=a+b%20c%2B", "p=a%20b%20c%2B")]
    [InlineData("p=%c3%a4/~", "p=%C3%A4%2F~")]
    [InlineData("p=%FF%zz%", "p=%FF%25zz%25")]
    [InlineData("a-b=1&a=1", "a=1&a-b=1")]
    public void WriteCanonical_Query_IsEncodedAnewAndSorted(string raw, string canonical)
    {
        var written = new ArrayBufferWriter<byte>();
        RequestQuery.Parse(raw).WriteCanonical(excluded: null, written);

        Assert.Equal(canonical, Encoding.ASCII.GetString(written.WrittenSpan));
    }

    [Fact]
    public void Write_Headers_AreTrimmedJoinedAndSortedByName()
    {
        var headers = new HeaderDictionary
        {
            ["Host"] = "h",
            ["My-List"] = new(["  c  d ", "a", "", "b\t b"]),
            ["X-Quoted"] = "\"a   b\"",
        };

        var canonical = CanonicalRequest.Write(
            new("GET", "/a//../b", "", headers),
            RequestQuery.Parse(""),
            AuthorizationHeader.ParseSignedHeaders("x-quoted;My-List;host;x-absent"),
            "hash",
            CanonicalPath.AsSent,
            excludedParameter: null);

        Assert.Equal(
            "GET\n/a//../b\n\nhost:h\nmy-list:c d,a,,b b\nx-absent:\nx-quoted:\"a b\"\n\nhost;my-list;x-absent;x-quoted\nhash",
            Encoding.UTF8.GetString(canonical));
    }

    [Fact]
    public void Write_MetadataBeyondAscii_IsTheBytesThatWereSent()
    {
        var headers = new HeaderDictionary { ["x-amz-meta-a"] = "\u00c3\u00a4\u00ff", ["x-other"] = "ä" };

        var canonical = CanonicalRequest.Write(
            new("GET", "/", "", headers),
            RequestQuery.Parse(""),
            ["x-amz-meta-a", "x-other"],
            "hash",
            CanonicalPath.AsSent,
            excludedParameter: null);

        byte[] expected = [.. "GET\n/\n\nx-amz-meta-a:"u8, 0xC3, 0xA4, 0xFF, .. "\nx-other:ä\n\nx-amz-meta-a;x-other\nhash"u8];
        Assert.Equal(expected, canonical);
    }

    [Theory]
    [InlineData("AKIA/20130524/us-east-1/s3/aws4_request", "AKIA")]
    [InlineData("tenant/user/20130524/eu/s3/aws4_request", "tenant/user")]
    public void TryParse_Credential_TakesTheScopeFromItsEnd(string text, string id)
    {
        Assert.True(CredentialScope.TryParse(text, out var scope, out _));
        Assert.Equal((id, "20130524"), (scope.AccessKeyId, scope.Date));
    }

    [Theory]
    [InlineData("20130524T000000Z", true)]
    [InlineData("Fri, 24 May 2013 00:00:00 GMT", true)]
    [InlineData("Mon, 24 May 2013 00:00:00 +0000", true)]
    [InlineData("2013-05-24T00:00:00Z", false)]
    [InlineData("20130524T0000Z", false)]
    [InlineData("19690524T000000Z", false)]
    [InlineData(null, false)]
    public void TryParseHeader_Time_IsReadInBothForms(string? text, bool valid)
    {
        Assert.Equal(valid, SigningTime.TryParseHeader(text, out var time));
        if (valid)
        {
            Assert.Equal("20130524T000000Z", SigningTime.Format(time));
        }
    }

    [Fact]
    public void Keep_MoreKeysThanRoom_StaysBounded()
    {
        var cache = new SigningKeyCache(TimeProvider.System, capacity: 3);
        for (var day = 1; day <= 9; day++)
        {
            var scope = new CredentialScope("id", $"2013050{day}", "r");
            cache.Keep("secret", scope, cache.Get("secret", scope));
            Assert.Same(cache.Get("secret", scope), cache.Get("secret", scope));
        }

        Assert.InRange(cache.Count, 1, 3);
    }

    [Fact]
    public void ToString_AccessKey_HidesTheSecret()
    {
        Assert.Equal("AccessKey { Id = id, OwnerId = o, DisplayName = n }", new AccessKey("id", "o", "n", "hush").ToString());
    }
}
