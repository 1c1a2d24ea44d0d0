using System.Net;
using System.Text.Json;
using MediaAspire.Tests.Harness;
using Npgsql;

namespace MediaAspire.Tests.Api.Audit;

public sealed class AuditMiddlewareTests(PostgresFixture postgres) : IAsyncLifetime, IClassFixture<PostgresFixture>
{
    public Task InitializeAsync() => postgres.ClearAsync("audit_events");

    public Task DisposeAsync() => Task.CompletedTask;

    [Theory]
    [InlineData("POST", "/admin/things", 201, "CreateThing", "/admin/things/7", "done", null)]
    [InlineData("PUT", "/admin/things/3?secret=s", 200, "PutThing", "/admin/things/3", "done", null)]
    [InlineData("DELETE", "/admin/things/3", 204, "DeleteThing", "/admin/things/3", "done", null)]
    [InlineData("POST", "/admin/things/3/missing", 404, "MissThing", "/admin/things/3/missing", "refused", "thing-not-found")]
    [InlineData("POST", "/admin/things/3/broken", 500, "BreakThing", "/admin/things/3/broken", "failed", null)]
    [InlineData("POST", "/admin/nothing", 404, "NoRoute", "/admin/nothing", "refused", null)]
    public async Task A_change_by_an_operator_is_recorded_before_its_response(
        string method, string target, int status, string action, string resource, string outcome, string? reason)
    {
        await using var host = await AuditHost.StartAsync(postgres.Database);

        using var response = await host.SendAsync(method, target);
        var one = Assert.Single(await host.ListAsync());

        Assert.Equal(status, (int)response.StatusCode);
        AssertEvent(one, "admin", action, resource, outcome, status, reason);
        Assert.Equal(("api-key", "KEY", "alice"), (Text(one, "actorKind"), Text(one, "actor"), Text(one, "ownerId")));
        Assert.Equal("127.0.0.1", Text(one, "address"));
        Assert.DoesNotContain("secret", one.GetRawText(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("POST", "/files", 201, "CreateFile", "/files/7", "done", null)]
    [InlineData("DELETE", "/files/3", 204, "DeleteFile", "/files/3", "done", null)]
    [InlineData("POST", "/files/3/missing", 404, "MissFile", "/files/3/missing", "refused", "thing-not-found")]
    [InlineData("POST", "/files/3/broken", 500, "BreakFile", "/files/3/broken", "failed", null)]
    public async Task A_change_of_data_is_recorded_in_the_next_batch(
        string method, string target, int status, string action, string resource, string outcome, string? reason)
    {
        await using var host = await AuditHost.StartAsync(postgres.Database);

        using var response = await host.SendAsync(method, target);
        Assert.Empty(await host.ListAsync());
        await host.FlushAsync();

        AssertEvent(Assert.Single(await host.ListAsync()), "rest", action, resource, outcome, status, reason);
    }

    [Theory]
    [InlineData("GET", "/files/3", null, 401, "rest", "anonymous", null)]
    [InlineData("DELETE", "/files/3", "WRONG", 403, "rest", "unverified", "claimed12")]
    [InlineData("GET", "/admin/things/3", null, 401, "admin", "anonymous", null)]
    [InlineData("GET", "/admin/things/3", "WRONG", 403, "admin", "unverified", "claimed12")]
    public async Task A_refused_sender_is_recorded(
        string method, string target, string? key, int status, string api, string actorKind, string? actor)
    {
        await using var host = await AuditHost.StartAsync(postgres.Database);

        using var response = await host.SendAsync(method, target, key);
        if (api == "rest")
        {
            await host.FlushAsync();
        }

        var one = Assert.Single(await host.ListAsync());
        Assert.Equal((api, actorKind, actor), (Text(one, "api"), Text(one, "actorKind"), Text(one, "actor")));
        Assert.Equal(key is null ? null : "key-refused", Text(one, "reason"));
        Assert.Equal(("refused", status, target), (Text(one, "outcome"), one.GetProperty("status").GetInt32(), Text(one, "resource")));
    }

    [Fact]
    public async Task A_flood_of_refusals_is_two_events()
    {
        await using var host = await AuditHost.StartAsync(postgres.Database);

        for (var i = 0; i < 200; i++)
        {
            using var response = await host.SendAsync("GET", $"/admin/things/{i}", key: null);
        }

        await host.FlushAsync();

        Assert.Equal([1, 199], (await host.ListAsync()).Select(one => one.GetProperty("repeats").GetInt32()).Order());
    }

    [Fact]
    public async Task Reads_are_recorded_only_where_the_settings_ask_for_them()
    {
        foreach (var reads in new[] { false, true })
        {
            await using var host = await AuditHost.StartAsync(postgres.Database, reads);
            using var response = await host.SendAsync("GET", "/files/3");
            await host.FlushAsync();

            Assert.Equal(reads ? ["GetFile"] : [], (await host.ListAsync()).Select(one => Text(one, "action")));
        }
    }

    [Fact]
    public async Task A_change_by_an_operator_that_cannot_be_recorded_is_not_acknowledged()
    {
        var broken = new NpgsqlConnectionStringBuilder(postgres.ConnectionString) { Port = 1, Host = "127.0.0.1", Timeout = 1 };
        await using var database = NpgsqlDataSource.Create(broken);
        await using var host = await AuditHost.StartAsync(database);

        foreach (var (method, target) in new[] { ("POST", "/admin/things"), ("DELETE", "/admin/things/3") })
        {
            using var response = await host.SendAsync(method, target);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
            Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        }

        using var data = await host.SendAsync("DELETE", "/files/3");
        Assert.Equal(HttpStatusCode.NoContent, data.StatusCode);
    }

    private static void AssertEvent(
        JsonElement one, string api, string action, string resource, string outcome, int status, string? reason)
    {
        Assert.Equal((api, action, resource), (Text(one, "api"), Text(one, "action"), Text(one, "resource")));
        Assert.Equal((outcome, status, reason), (Text(one, "outcome"), one.GetProperty("status").GetInt32(), Text(one, "reason")));
        Assert.NotNull(Text(one, "requestId"));
    }

    private static string? Text(JsonElement one, string name) => one.GetProperty(name).GetString();
}
