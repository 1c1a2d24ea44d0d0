using MediaAspire.Api.Listeners;
using MediaAspire.Tests.Graph;
using Microsoft.Extensions.Configuration;

namespace MediaAspire.Tests.Api.Listeners;

public sealed class HostFilterTests
{
    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("127.0.0.1:8080")]
    [InlineData("192.168.1.20:8080")]
    [InlineData("[::1]")]
    [InlineData("[fe80::1]:8080")]
    [InlineData("localhost")]
    [InlineData("LOCALHOST:8080")]
    [InlineData("api.localhost")]
    [InlineData("api.dev.localhost:17000")]
    [InlineData("api")]
    [InlineData("api:8080")]
    [InlineData("host.docker.internal:8080")]
    [InlineData("")]
    public void Allows_WithoutSettings_AddressesAndNamesThatNobodyCanRegister(string host) => Assert.True(Filter().Allows(new(host)));

    [Theory]
    [InlineData("attacker.example")]
    [InlineData("attacker.example:8080")]
    [InlineData("attacker.example.")]
    [InlineData("127.0.0.1.attacker.example")]
    [InlineData("localhost.attacker.example")]
    [InlineData("notlocalhost.example")]
    [InlineData("127.0.0.1.nip.io")]
    [InlineData("attackerinternal.example")]
    [InlineData("[attacker.example]")]
    [InlineData("127.0.0.1, attacker.example")]
    [InlineData("media.example.org.attacker.example")]
    [InlineData("notmedia.example.org")]
    public void Allows_NamesOfOthers_Never(string host)
    {
        Assert.False(Filter().Allows(new(host)));
        Assert.False(Filter("media.example.org;*.cdn.example.org").Allows(new(host)));
    }

    [Theory]
    [InlineData("media.example.org")]
    [InlineData("MEDIA.example.org:443")]
    [InlineData("media.example.org.")]
    [InlineData("a.cdn.example.org")]
    [InlineData("a.b.cdn.example.org")]
    [InlineData("10.0.0.5")]
    [InlineData("localhost")]
    public void Allows_ConfiguredNames_BesidesTheSafeOnes(string host) =>
        Assert.True(Filter("media.example.org; *.cdn.example.org").Allows(new(host)));

    [Fact]
    public void Allows_AnyConfigured_Everything() => Assert.True(Filter("*").Allows(new("attacker.example")));

    [Fact]
    public void Allows_ANameThatTheProcessListensOn_IsItsOperatorsChoice()
    {
        var filter = Filter(null, "http://media.lan:8080;http://*:9001");

        Assert.True(filter.Allows(new("media.lan:8080")));
        Assert.False(filter.Allows(new("other.lan:8080")));
    }

    [Theory]
    [InlineData("s3.example.org", true)]
    [InlineData("films.s3.example.org:9000", true)]
    [InlineData("FILMS.S3.EXAMPLE.ORG", true)]
    [InlineData("s3.example.org.attacker.example", false)]
    [InlineData("nots3.example.org", false)]
    [InlineData("example.org", false)]
    [InlineData("", false)]
    public void IsWithin_Domains_TakesTheNamesBelowThem(string host, bool expected) =>
        Assert.Equal(expected, HostFilter.IsWithin(new(host), ["s3.example.org"]));

    [Theory]
    [InlineData("GET", "/files")]
    [InlineData("POST", "/files")]
    [InlineData("GET", "/admin/nodes")]
    public async Task A_page_that_rebinds_its_name_to_this_server_gets_nothing(string method, string path)
    {
        await using var host = await ListenerHost.StartAsync();

        foreach (var client in new[] { host.Http, host.Admin })
        {
            // The browser sees one site: the name is the page's own.
            using var request = new HttpRequestMessage(new HttpMethod(method), path);
            request.Headers.Host = $"attacker.example:{client.BaseAddress!.Port}";
            request.Headers.Add("Origin", $"http://attacker.example:{client.BaseAddress.Port}");
            request.Headers.Add("Sec-Fetch-Site", "same-origin");
            using var response = await client.SendAsync(request);

            await response.AssertProblemAsync(400, "host-not-allowed");
        }

        Assert.Equal(0, host.Changes);
    }

    private static HostFilter Filter(string? allowed = null, string? urls = null) => new(new ConfigurationBuilder()
        .AddInMemoryCollection([new("AllowedHosts", allowed), new("urls", urls)]).Build());
}
