using System.Net;
using System.Text.Json.Nodes;
using MediaAspire.Api.Listeners;
using MediaAspire.Tests.Graph;
using MediaAspire.Tests.Harness;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace MediaAspire.Tests.Api.Listeners;

public sealed class AdminListenerTests
{
    public static TheoryData<string> OperatorRoutes =>
    [
        "/admin/nodes", "/ADMIN/nodes", "/%61dmin/nodes", "/files/../admin/nodes", "/metrics", "/openapi/v1.json", "/scalar", "/scalar/v1",
    ];

    [Theory]
    [MemberData(nameof(OperatorRoutes))]
    public async Task Operators_routes_are_served_on_their_listener_only(string path)
    {
        await using var host = await ListenerHost.StartAsync();

        using var served = await host.Admin.GetAsync(path);
        Assert.Equal(HttpStatusCode.OK, served.StatusCode);
        using var hidden = await host.Http.GetAsync(path);
        await hidden.AssertProblemAsync(404, "not-found");
    }

    [Fact]
    public async Task A_hidden_route_looks_like_one_that_does_not_exist()
    {
        await using var host = await ListenerHost.StartAsync();

        foreach (var (method, path) in new[] { ("GET", "/admin/nodes"), ("PUT", "/admin/nodes"), ("POST", "/admin/nodes/a/drain") })
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), path);
            using var hidden = await host.Http.SendAsync(request);
            using var unknownRequest = new HttpRequestMessage(new HttpMethod(method), "/nothing/here");
            using var unknown = await host.Http.SendAsync(unknownRequest);

            Assert.Equal(
                (await FormAsync(unknown)).Replace("/nothing/here", path, StringComparison.Ordinal), await FormAsync(hidden));
        }

        Assert.Equal(0, host.Changes);

        static async Task<string> FormAsync(HttpResponseMessage response)
        {
            response.Headers.Date = null;
            var body = JsonNode.Parse(await response.Content.ReadAsStringAsync())!.AsObject();
            body.Remove("traceId");
            return $"{(int)response.StatusCode}\n{response.Headers}\n{response.Content.Headers.ContentType}\n{body}";
        }
    }

    [Fact]
    public async Task The_listener_is_the_port_of_the_connection_and_not_the_Host_header()
    {
        await using var host = await ListenerHost.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/admin/nodes");
        request.Headers.Host = host.Admin.BaseAddress!.Authority;
        request.Headers.Add("X-Forwarded-Host", host.Admin.BaseAddress.Authority);
        request.Headers.Add("X-Forwarded-Port", $"{host.Admin.BaseAddress.Port}");

        using var response = await host.Http.SendAsync(request);

        await response.AssertProblemAsync(404, "not-found");
    }

    [Fact]
    public async Task The_admin_listener_serves_the_other_routes_too_so_that_the_reference_can_try_them()
    {
        await using var host = await ListenerHost.StartAsync();

        Assert.Equal("a list", await host.Admin.GetStringAsync("/files"));
    }

    [Fact]
    public async Task Without_a_port_operators_are_served_nowhere_and_the_log_says_how()
    {
        await using var host = await ListenerHost.StartAsync(hasAdmin: false);

        foreach (var client in new[] { host.Http, host.Admin })
        {
            foreach (var path in new[] { "/admin/nodes", "/metrics", "/openapi/v1.json", "/scalar" })
            {
                using var response = await client.GetAsync(path);
                await response.AssertProblemAsync(404, "not-found");
            }
        }

        Assert.Contains(host.Warnings.Messages, message => message.Contains("Admin:Port", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("65536")]
    [InlineData("x")]
    public async Task A_port_that_is_none_ends_the_process(string port)
    {
        await using var app = Build(("Admin:Port", port));

        await Assert.ThrowsAnyAsync<Exception>(() => app.StartAsync());
    }

    [Fact]
    public async Task A_process_that_does_not_listen_on_its_admin_port_ends_and_says_so()
    {
        await using var app = Build(("Admin:Port", $"{FreePorts.Next()}"));

        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => app.StartAsync());

        Assert.Contains("Admin:Port is ", failure.Message, StringComparison.Ordinal);
    }

    private static WebApplication Build(params (string Key, string Value)[] settings)
    {
        var builder = WebApplication.CreateSlimBuilder();
        foreach (var (key, value) in settings)
        {
            builder.Configuration[key] = value;
        }

        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.AddListeners();
        return builder.Build();
    }
}
