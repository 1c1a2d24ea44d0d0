using System.Net.Http.Json;
using System.Text.Json;
using MediaAspire.Tests.Harness;
using MediaAspire.Worker.StoreMigration;

namespace MediaAspire.Tests.Images.Migration;

/// <summary>The routes of moving images to the other store: <c>/admin/images/migration</c>.</summary>
public sealed class MigrationEndpointsTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private const string Route = "/admin/images/migration";

    private ImageWorld _world = null!;

    [Fact]
    public async Task Images_are_moved_there_and_back_and_the_progress_is_shown()
    {
        var (alias, _) = await _world.UploadAsync("3x2 first");
        await _world.UploadAsync("3x2 second");
        var before = await _world.Client.GetFromJsonAsync<JsonElement>(Route);
        Assert.Equal(("chunks", JsonValueKind.Null), (StoreOf(before), before.GetProperty("migration").ValueKind));

        var started = await StartAsync("s3");
        Assert.Equal(("s3", "running", 0, 2), Progress(started));
        Assert.Equal((409, "migration-active"), await PostAsync("", new { to = "chunks" }));

        Assert.Equal(2, await _world.RunAsync<StoreMigrationDuty>());
        Assert.Equal(("s3", "done", 2, 2), Progress(await _world.Client.GetFromJsonAsync<JsonElement>(Route)));
        Assert.Equal(2, _world.Objects.Keys.Count);
        Assert.Equal("3x2 first", await _world.Client.GetStringAsync($"/images/{alias}"));

        await StartAsync("chunks");
        Assert.Equal(2, await _world.RunAsync<StoreMigrationDuty>());
        Assert.Equal(("chunks", "done", 2, 2), Progress(await _world.Client.GetFromJsonAsync<JsonElement>(Route)));
        Assert.Equal("3x2 first", await _world.Client.GetStringAsync($"/images/{alias}"));
    }

    [Fact]
    public async Task A_migration_is_paused_resumed_and_cancelled_in_the_right_state_only()
    {
        await _world.UploadAsync("3x2 first");
        foreach (var verb in new[] { "pause", "resume", "cancel" })
        {
            Assert.Equal((409, "migration-wrong-state"), await PostAsync($"/{verb}"));
        }

        await StartAsync("s3");
        Assert.Equal((409, "migration-wrong-state"), await PostAsync("/resume"));
        Assert.Equal((200, null), await PostAsync("/pause"));
        Assert.Equal((409, "migration-wrong-state"), await PostAsync("/pause"));
        Assert.Equal(0, await _world.RunAsync<StoreMigrationDuty>());
        Assert.Equal((200, null), await PostAsync("/resume"));
        Assert.Equal((200, null), await PostAsync("/cancel"));
        Assert.Equal(("chunks", "cancelled", 0, 1), Progress(await _world.Client.GetFromJsonAsync<JsonElement>(Route)));
        Assert.Equal(0, await _world.RunAsync<StoreMigrationDuty>());
    }

    [Fact]
    public async Task A_bad_request_starts_nothing()
    {
        Assert.Equal((400, "store-unknown"), await PostAsync("", new { to = "tape" }));
        Assert.Equal((400, "store-unknown"), await PostAsync("", new { }));
        Assert.Equal((400, "rate-invalid"), await PostAsync("", new { to = "s3", bytesPerSecond = 0 }));
        Assert.Equal(400, (await PostAsync("", new { to = "s3", bytesPerSecond = "fast" })).Status);
        Assert.Equal((401, "unauthorized"), await _world.OutcomeAsync(HttpMethod.Get, Route, scopes: "none"));
        Assert.Equal(0, await _world.CountAsync("image_migrations"));
    }

    public async Task InitializeAsync() => _world = await ImageWorld.StartAsync(postgres);

    public async Task DisposeAsync() => await _world.DisposeAsync();

    private static string? StoreOf(JsonElement state) => state.GetProperty("store").GetString();

    private static (string? Store, string? State, int Done, int Total) Progress(JsonElement state)
    {
        var migration = state.GetProperty("migration");
        return (
            StoreOf(state), migration.GetProperty("state").GetString(), migration.GetProperty("done").GetInt32(),
            migration.GetProperty("total").GetInt32());
    }

    private async Task<JsonElement> StartAsync(string store)
    {
        using var response = await _world.Client.PostAsJsonAsync(Route, new { to = store });
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }

    private async Task<(int Status, string? Code)> PostAsync(string path, object? body = null)
    {
        using var content = body is null ? null : JsonContent.Create(body);
        using var response = await _world.SendAsync(HttpMethod.Post, Route + path, content: content);
        return await ImageWorld.OutcomeAsync(response);
    }
}
