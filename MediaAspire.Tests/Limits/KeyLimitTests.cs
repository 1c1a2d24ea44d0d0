using MediaAspire.Core.Limits;
using MediaAspire.Tests.Harness;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace MediaAspire.Tests.Limits;

public sealed class KeyLimitTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private static readonly LimitedKey s_api = new(IsAccessKey: false, "shared1");
    private static readonly LimitedKey s_access = new(IsAccessKey: true, "SHARED1EXAMPLEKEY123");

    private KeyLimitStore Store => new(postgres.Database);

    public async Task InitializeAsync()
    {
        await postgres.ClearAsync("api_keys", "access_keys", "owners");
        await using var command = postgres.Database.CreateCommand(
            """
            INSERT INTO owners (owner_id, display_name) VALUES ('alice', 'Alice');
            INSERT INTO api_keys (key_id, name, scopes, secret_sha256) VALUES ('shared1', 'a', '{read}', sha256('a'));
            INSERT INTO access_keys (access_key_id, owner_id, sealed_secret, secrets_key_id)
            VALUES ('SHARED1EXAMPLEKEY123', 'alice', sha256('a'), 'k');
            """);
        await command.ExecuteNonQueryAsync();
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task Limits_are_those_of_the_settings_until_they_are_set_and_when_they_are_taken_away()
    {
        Assert.Equal(KeyLimits.None, await Store.FindAsync(s_api, CancellationToken.None));
        Assert.Empty(await Store.ReadAllAsync(CancellationToken.None));

        var set = new KeyLimits(2.5, 10, 4);
        Assert.True(await Store.SetAsync(s_api, set, CancellationToken.None));
        Assert.True(await Store.SetAsync(s_access, new(null, null, 7), CancellationToken.None));

        Assert.Equal(set, await Store.FindAsync(s_api, CancellationToken.None));
        Assert.Equal(new RateLimit(2.5, 10), set.Rate);
        Assert.Equal(new RateLimit(2.5, 5), new KeyLimits(2.5, null, null).Rate);
        Assert.Equal(
            new Dictionary<LimitedKey, KeyLimits> { [s_api] = set, [s_access] = new(null, null, 7) },
            await Store.ReadAllAsync(CancellationToken.None));

        Assert.True(await Store.SetAsync(s_api, KeyLimits.None, CancellationToken.None));
        Assert.Equal([s_access], (await Store.ReadAllAsync(CancellationToken.None)).Keys);
    }

    [Fact]
    public async Task A_key_that_does_not_exist_has_no_limits()
    {
        var missing = s_api with { Id = "missing" };

        Assert.Null(await Store.FindAsync(missing, CancellationToken.None));
        Assert.False(await Store.SetAsync(missing, new(1, null, null), CancellationToken.None));
    }

    [Fact]
    public async Task Processes_read_changes_by_themselves()
    {
        var options = Options.Create(new LimitOptions { KeyLimitsReadEvery = TimeSpan.FromMilliseconds(50) });
        using var snapshot = new KeyLimitSnapshot(Store, options, TimeProvider.System, NullLogger<KeyLimitSnapshot>.Instance);
        await snapshot.StartAsync(CancellationToken.None);
        Assert.Null(snapshot.Find(s_api));

        await Store.SetAsync(s_api, new(3, null, null), CancellationToken.None);
        await Until.TrueAsync("the change is read", () => Task.FromResult(snapshot.Find(s_api) == new KeyLimits(3, null, null)));

        await snapshot.StopAsync(CancellationToken.None);
    }
}
