using System.Text.Json;
using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Api.Console;

/// <summary>Requests that another page makes a browser send with the cookie of a session (CSRF).</summary>
public sealed class ForeignRequestTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private const string Own = "OWN";

    /// <summary>Gets the header of the console, Sec-Fetch-Site, Origin and the code of the refusal; null for none.</summary>
    public static TheoryData<string?, string?, string?, string?> Requests => new()
    {
        // The console's own pages, in browsers with and without Sec-Fetch-Site.
        { "1", "same-origin", Own, null },
        { "1", "same-origin", null, null },
        { "1", null, Own, null },

        // Without the header: forms and simple requests of any page.
        { null, "same-origin", Own, "console-header-required" },
        { null, null, Own, "console-header-required" },
        { null, null, null, "console-header-required" },
        { "0", "same-origin", Own, "console-header-required" },
        { "1, 1", "same-origin", Own, "console-header-required" },

        // A browser that states nothing of the page, or an address that the user typed.
        { "1", null, null, "console-header-required" },
        { "1", "none", null, "console-header-required" },

        // Another site, another port of this machine, and documents without an origin.
        { "1", "cross-site", "https://attacker.example", "cross-site-request" },
        { "1", "same-site", "http://127.0.0.1:1", "cross-site-request" },
        { "1", null, "https://attacker.example", "cross-site-request" },
        { "1", null, "http://127.0.0.1:1", "cross-site-request" },
        { "1", null, "null", "cross-site-request" },
        { "1", "", Own, "cross-site-request" },
    };

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task Only_the_consoles_own_pages_change_something(string? header, string? site, string? origin, string? code)
    {
        await using var host = await SessionHost.StartAsync(postgres.Database);
        var (_, key) = await host.CreateKeyAsync();
        (await host.SignInAsync(key)).Dispose();
        var own = $"http://{host.Browser.BaseAddress!.Authority}";
        (string Name, string? Value)[] headers =
            [("X-MediaAspire-Console", header), ("Sec-Fetch-Site", site), ("Origin", origin == Own ? own : origin)];
        (string Name, string Value)[] sent = [.. headers.Where(one => one.Value is not null).Select(one => (one.Name, one.Value!))];

        foreach (var (method, path) in new[]
        {
            ("POST", "/files"), ("PUT", "/files"), ("PATCH", "/files"), ("DELETE", "/files"), ("DELETE", "/console/session"),
        })
        {
            using var response = await host.SendAsync(method, path, null, sent);
            Assert.Equal((method, path, code), (method, path, await CodeOfAsync(response)));
        }

        (await host.SignInAsync(key)).Dispose();
        using var signIn = await host.SendAsync("POST", "/console/session", new { key }, sent);
        Assert.Equal(code, await CodeOfAsync(signIn));
        using var read = await host.SendAsync("GET", "/files", null, sent);
        Assert.Null(await CodeOfAsync(read));
    }

    private static async Task<string?> CodeOfAsync(HttpResponseMessage response)
    {
        var text = await response.Content.ReadAsStringAsync();
        return response.IsSuccessStatusCode ? null : JsonDocument.Parse(text).RootElement.GetProperty("code").GetString();
    }
}
