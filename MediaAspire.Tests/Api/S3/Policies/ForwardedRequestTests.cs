using MediaAspire.Tests.Api.S3.Access;
using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Api.S3.Policies;

/// <summary>Tests that a client cannot forge what policies judge: its address and its scheme.</summary>
public sealed class ForwardedRequestTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private const string FromOffice = "{\"IpAddress\": {\"aws:SourceIp\": \"203.0.113.0/24\"}}";
    private const string ByTls = "{\"Bool\": {\"aws:SecureTransport\": \"true\"}}";

    private static readonly (string, string)[] s_forged =
    [
        ("X-Forwarded-For", "203.0.113.7"), ("X-Forwarded-Proto", "https"), ("X-Real-IP", "203.0.113.7"),
        ("Forwarded", "for=203.0.113.7;proto=https"), ("X-Original-For", "203.0.113.7"),
    ];

    [Theory]
    [InlineData(FromOffice, null)]
    [InlineData(FromOffice, "10.0.0.0/8")]
    [InlineData(ByTls, null)]
    [InlineData(ByTls, "10.0.0.0/8")]
    public async Task Forged_headers_of_an_untrusted_peer_change_nothing(string condition, string? trusted)
    {
        await using var host = await StartAsync(condition, trusted);

        await host.RefuseAsync(null, HttpMethod.Get, "/first/a", "AccessDenied");
        await host.RefuseAsync(null, HttpMethod.Get, "/first/a", "AccessDenied", headers: s_forged);
    }

    [Theory]
    [InlineData(FromOffice)]
    [InlineData(ByTls)]
    public async Task Headers_of_a_trusted_proxy_are_judged(string condition)
    {
        await using var host = await StartAsync(condition, "127.0.0.1");

        await host.RefuseAsync(null, HttpMethod.Get, "/first/a", "AccessDenied");
        await host.DoAsync(null, HttpMethod.Get, "/first/a", headers: s_forged);

        // The client's own entry is left of the one that the proxy adds.
        await host.RefuseAsync(
            null, HttpMethod.Get, "/first/a", "AccessDenied",
            headers: [("X-Forwarded-For", "203.0.113.7, 198.51.100.1"), ("X-Forwarded-Proto", "http")]);
    }

    [Theory]
    [InlineData("attacker.example", "InvalidRequest")]
    [InlineData("s3.example.org.attacker.example", "InvalidRequest")]
    [InlineData("first.s3.example.org", null)]
    [InlineData("first.s3.example.org:9000", null)]
    [InlineData("first.S3.example.org", null)]
    public async Task Only_names_of_the_server_are_served_virtual_hosts_among_them(string name, string? code)
    {
        await using var host = await StartAsync(FromOffice, trusted: null, ("S3:Domains:0", "s3.example.org"));

        using var response = await host.SendAsync(HttpMethod.Get, "/a", headers: ("Host", name));

        if (code is null)
        {
            Assert.Equal("x", await response.Content.ReadAsStringAsync());
        }
        else
        {
            await response.AssertErrorAsync(400, code);
        }
    }

    private async Task<S3TestHost> StartAsync(string condition, string? trusted, params (string Key, string Value)[] settings)
    {
        var host = await S3TestHost.StartAsync(postgres, settings: settings
            .Concat(trusted is null ? [] : [("Security:TrustedProxies:0", trusted)])
            .ToDictionary(setting => setting.Item1, setting => (string?)setting.Item2));
        await host.CreateBucketAsync("first");
        await host.DoAsync(S3TestHost.Owner, HttpMethod.Put, "/first/a", "x");
        await host.DoAsync(
            S3TestHost.Owner, HttpMethod.Put, "/first?policy",
            AccessHost.Policy("Allow", "s3:GetObject", "first/*", condition: condition));
        return host;
    }
}
