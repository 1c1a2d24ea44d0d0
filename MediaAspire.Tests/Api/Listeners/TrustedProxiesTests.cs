using System.Net;
using MediaAspire.Api.Listeners;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace MediaAspire.Tests.Api.Listeners;

public sealed class TrustedProxiesTests
{
    private const string Setting = "Security:TrustedProxies:0";

    [Theory]
    [InlineData(null)]
    [InlineData("10.0.0.0/8")]
    [InlineData("::1")]
    public async Task Headers_of_a_client_that_is_no_trusted_proxy_are_ignored(string? trusted)
    {
        await using var host = await ListenerHost.StartAsync(settings: trusted is null ? [] : [(Setting, trusted)]);

        Assert.Equal("http 127.0.0.1", await CallerAsync(host, "203.0.113.7", "https"));
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("127.0.0.0/8")]
    public async Task A_trusted_proxy_tells_the_client_and_its_scheme(string trusted)
    {
        await using var host = await ListenerHost.StartAsync(settings: [(Setting, trusted)]);

        Assert.Equal("https 203.0.113.7", await CallerAsync(host, "203.0.113.7", "https"));
        Assert.Equal("http 127.0.0.1", await CallerAsync(host, null, null));
    }

    [Fact]
    public async Task What_a_client_writes_left_of_the_proxies_addresses_is_ignored()
    {
        await using var host = await ListenerHost.StartAsync(
            settings: [(Setting, "127.0.0.1"), ("Security:TrustedProxies:1", "10.0.0.0/8")]);

        Assert.Equal("http 203.0.113.7", await CallerAsync(host, "198.51.100.1, 203.0.113.7, 10.1.2.3", null));
    }

    [Theory]
    [InlineData(Setting, "proxy.example.org", "'proxy.example.org'")]
    [InlineData(Setting, "10.0.0.0/33", "'10.0.0.0/33'")]
    [InlineData(Setting, "*", "'*'")]
    [InlineData(Setting, "", "''")]
    [InlineData(Setting, null, "''")]
    [InlineData("ForwardedHeaders_Enabled", "true", "ASPNETCORE_FORWARDEDHEADERS_ENABLED")]
    public async Task A_wrong_setting_ends_the_process_and_is_named(string key, string? value, string named)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration[key] = value;
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.AddListeners();
        await using var app = builder.Build();

        var failure = await Assert.ThrowsAsync<OptionsValidationException>(() => app.StartAsync());

        Assert.Contains(named, failure.Message, StringComparison.Ordinal);
    }

    private static async Task<string> CallerAsync(ListenerHost host, string? forwardedFor, string? scheme)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/caller");
        if (forwardedFor is not null)
        {
            request.Headers.Add("X-Forwarded-For", forwardedFor);
        }

        if (scheme is not null)
        {
            request.Headers.Add("X-Forwarded-Proto", scheme);
        }

        // Never believed: it would choose among listeners and buckets.
        request.Headers.Add("X-Forwarded-Host", "attacker.example");
        using var response = await host.Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.Content.ReadAsStringAsync();
    }
}
