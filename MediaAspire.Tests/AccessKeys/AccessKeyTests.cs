using System.Security.Cryptography;
using MediaAspire.Core.AccessKeys;
using MediaAspire.Core.Ids;
using MediaAspire.Core.Owners;
using MediaAspire.Tests.Harness;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;

namespace MediaAspire.Tests.AccessKeys;

public sealed class AccessKeyTests(PostgresFixture postgres) : IAsyncLifetime, IClassFixture<PostgresFixture>
{
    private static readonly AccessKeyOwner s_owner = new("owner-1", "Åsa");
    private static readonly CancellationToken s_none = CancellationToken.None;

    private readonly ManualTime _time = new();
    private readonly AccessKeyOptions _options = new() { SecretsKey = NewSecretsKey() };

    [Fact]
    public async Task A_created_key_is_found_with_its_secret_and_the_table_does_not_hold_it()
    {
        var key = NewAccessKey.Generate(s_owner);

        var created = await Store().CreateAsync(key, s_none);

        Assert.Equal((key.Id, s_owner, true), (created!.Id, created.Owner, created.IsEnabled));
        Assert.InRange(created.CreatedAt, DateTimeOffset.UnixEpoch.AddYears(50), DateTimeOffset.MaxValue);
        Assert.Equal(new AccessKey(key.Id, "owner-1", "Åsa", key.Secret), await Cache().FindAsync(key.Id, s_none));
        Assert.Equal(0L, await ScalarAsync(
            "SELECT count(*) FROM access_keys k WHERE strpos(k::text, $1) > 0 OR position($2 IN sealed_secret) > 0",
            key.Secret, System.Text.Encoding.ASCII.GetBytes(key.Secret)));
    }

    [Fact]
    public async Task Ids_and_secrets_have_the_shape_of_those_of_AWS_and_never_repeat()
    {
        var keys = Enumerable.Range(0, 200).Select(_ => NewAccessKey.Generate(s_owner)).ToList();

        Assert.All(keys, key =>
        {
            Assert.Matches("^[A-Z2-7]{20}$", key.Id);
            Assert.Matches("^[A-Za-z0-9]{40}$", key.Secret);
        });
        Assert.Equal(200, keys.Select(key => key.Id).Distinct().Count());
        Assert.Equal(200, keys.Select(key => key.Secret).Distinct().Count());
        Assert.DoesNotContain(keys[0].Secret, keys[0].ToString(), StringComparison.Ordinal);

        await Task.WhenAll(keys.Take(5).Select(key => Store().CreateAsync(key, s_none)));
        Assert.Equal(
            keys.Take(5).Select(key => key.Id).Order(StringComparer.Ordinal),
            (await Store().ListAsync("", 100, s_none)).Select(key => key.Id));
    }

    [Fact]
    public async Task A_given_key_is_kept_as_given_and_a_second_one_of_its_id_changes_nothing()
    {
        var first = new NewAccessKey("0555b35654ad1656d804", "h7GhxuBLTrlhVUyxSPUKUV8r/2EI4ngqJxD7iBdBYLhhluN30JaT3Q==", s_owner);

        Assert.NotNull(await Store().CreateAsync(first, s_none));
        Assert.Null(await Store().CreateAsync(first with { Secret = "another-secret" }, s_none));

        Assert.Equal(first.Secret, (await Cache().FindAsync(first.Id, s_none))!.Secret);
    }

    [Theory]
    [InlineData("ab", "12345678", "owner", "name")]
    [InlineData("with/slash", "12345678", "owner", "name")]
    [InlineData("key\n", "12345678", "owner", "name")]
    [InlineData("key", "1234567", "owner", "name")]
    [InlineData("key", "with space", "owner", "name")]
    [InlineData("key", "with;semicolon", "owner", "name")]
    [InlineData("key", "12345678", "", "name")]
    [InlineData("key", "12345678", "owner/x", "name")]
    [InlineData("key", "12345678", "owner", "")]
    [InlineData("key", "12345678", "owner", "a\u0007")]
    public async Task A_key_of_another_form_is_refused(string id, string secret, string ownerId, string displayName) =>
        await Assert.ThrowsAsync<ArgumentException>(() =>
            Store().CreateAsync(new NewAccessKey(id, secret, new(ownerId, displayName)), s_none));

    [Theory]
    [InlineData("nobody")]
    [InlineData("")]
    [InlineData("a'b")]
    [InlineData("nul\0")]
    public async Task An_unknown_key_of_any_form_is_not_found(string id) => Assert.Null(await Cache().FindAsync(id, s_none));

    [Fact]
    public async Task A_disabled_key_is_refused_at_once_by_the_same_process_and_in_time_elsewhere()
    {
        var key = await CreateAsync();
        AccessKeyCache here = Cache(), elsewhere = Cache();
        Assert.NotNull(await here.FindAsync(key.Id, s_none));
        Assert.NotNull(await elsewhere.FindAsync(key.Id, s_none));

        Assert.False((await Store().SetEnabledAsync(key.Id, isEnabled: false, s_none))!.IsEnabled);
        here.Forget(key.Id);

        Assert.Null(await here.FindAsync(key.Id, s_none));
        _time.Advance(_options.KeysCachedFor - TimeSpan.FromMilliseconds(1));
        Assert.NotNull(await elsewhere.FindAsync(key.Id, s_none));
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Null(await elsewhere.FindAsync(key.Id, s_none));

        Assert.True((await Store().SetEnabledAsync(key.Id, isEnabled: true, s_none))!.IsEnabled);
        Assert.Equal(key.Secret, (await elsewhere.FindAsync(key.Id, s_none))!.Secret);
    }

    [Fact]
    public async Task A_deleted_key_is_gone_and_its_owner_stays()
    {
        var first = await CreateAsync();

        Assert.True(await Store().DeleteAsync(first.Id, s_none));

        Assert.False(await Store().DeleteAsync(first.Id, s_none));
        Assert.Null(await Store().SetEnabledAsync(first.Id, isEnabled: true, s_none));
        Assert.Null(await Store().FindAsync(first.Id, s_none));
        Assert.Null(await Cache().FindAsync(first.Id, s_none));
        Assert.Equal(s_owner.DisplayName, await NameOfOwnerAsync());
    }

    [Fact]
    public async Task An_owner_has_the_name_that_its_latest_key_gave_and_a_key_that_exists_gives_none()
    {
        var first = await CreateAsync();
        Assert.Equal("Åsa", await NameOfOwnerAsync());

        var renamed = await Store().CreateAsync(NewAccessKey.Generate(s_owner with { DisplayName = "Bo" }), s_none);
        Assert.Equal("Bo", renamed!.Owner.DisplayName);
        Assert.Equal("Bo", (await Store().FindAsync(first.Id, s_none))!.Owner.DisplayName);

        Assert.Null(await Store().CreateAsync(first with { Owner = s_owner with { DisplayName = "Cy" } }, s_none));
        Assert.Null(await Store().CreateAsync(first with { Owner = new("owner-2", "Cy") }, s_none));
        Assert.Equal("Bo", await NameOfOwnerAsync());
        Assert.Null(await new OwnerStore(postgres.Database).FindAsync(new OwnerId("owner-2"), s_none));
    }

    [Fact]
    public async Task Another_secrets_key_opens_nothing_and_says_which_of_the_two_is_which()
    {
        var key = await CreateAsync();
        var sealer = Sealer(_options);
        var other = new AccessKeyOptions { SecretsKey = NewSecretsKey() };

        var failure = await Assert.ThrowsAsync<SealedSecretException>(() => Cache(other).FindAsync(key.Id, s_none).AsTask());

        Assert.Contains(sealer.KeyId, failure.Message, StringComparison.Ordinal);
        Assert.Contains(Sealer(other).KeyId, failure.Message, StringComparison.Ordinal);
        Assert.NotEqual(sealer.KeyId, Sealer(other).KeyId);
        await ScalarAsync("UPDATE access_keys SET secrets_key_id = $2 WHERE access_key_id = $1", key.Id, Sealer(other).KeyId);
        await Assert.ThrowsAsync<SealedSecretException>(() => Cache(other).FindAsync(key.Id, s_none).AsTask());
    }

    [Theory]
    [InlineData("set_byte(sealed_secret, 0, get_byte(sealed_secret, 0) # 1)")]
    [InlineData("set_byte(sealed_secret, 20, get_byte(sealed_secret, 20) # 128)")]
    [InlineData("set_byte(sealed_secret, octet_length(sealed_secret) - 1, get_byte(sealed_secret, octet_length(sealed_secret) - 1) # 1)")]
    [InlineData("substr(sealed_secret, 1, octet_length(sealed_secret) - 1)")]
    public async Task A_row_that_was_tampered_with_is_refused(string change)
    {
        var key = await CreateAsync();

        await ScalarAsync($"UPDATE access_keys SET sealed_secret = {change} WHERE access_key_id = $1", key.Id);

        await Assert.ThrowsAsync<SealedSecretException>(() => Cache().FindAsync(key.Id, s_none).AsTask());
    }

    [Fact]
    public async Task A_secret_that_was_moved_to_another_key_is_refused()
    {
        NewAccessKey mine = await CreateAsync(), theirs = await CreateAsync();

        await ScalarAsync(
            """
            UPDATE access_keys SET sealed_secret = (SELECT sealed_secret FROM access_keys WHERE access_key_id = $2)
            WHERE access_key_id = $1
            """,
            theirs.Id, mine.Id);

        await Assert.ThrowsAsync<SealedSecretException>(() => Cache().FindAsync(theirs.Id, s_none).AsTask());
        Assert.Equal(mine.Secret, (await Cache().FindAsync(mine.Id, s_none))!.Secret);
    }

    [Fact]
    public async Task The_root_key_is_written_at_every_start_and_follows_the_configuration()
    {
        _options.RootAccessKey = "ROOT";
        _options.RootSecretKey = "first-secret";
        await StartRootAsync(_options);
        await StartRootAsync(_options);
        Assert.Equal(
            new AccessKey("ROOT", _options.RootOwnerId, "root", "first-secret"), await Cache().FindAsync("ROOT", s_none));

        // A new secret and a new secrets key, which makes the other keys unreadable.
        var other = new AccessKeyOptions { SecretsKey = NewSecretsKey(), RootAccessKey = "ROOT", RootSecretKey = "second-secret" };
        await StartRootAsync(other);
        Assert.Equal("second-secret", (await Cache(other).FindAsync("ROOT", s_none))!.Secret);
        Assert.Equal(1L, await ScalarAsync("SELECT count(*) FROM access_keys"));

        await Store().SetEnabledAsync("ROOT", isEnabled: false, s_none);
        await StartRootAsync(other);
        Assert.Null(await Cache(other).FindAsync("ROOT", s_none));
    }

    public async Task InitializeAsync() => await ScalarAsync("DELETE FROM access_keys");

    public Task DisposeAsync() => Task.CompletedTask;

    private static string NewSecretsKey() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    private static SecretSealer Sealer(AccessKeyOptions options) => new(Options.Create(options));

    private AccessKeyStore Store(AccessKeyOptions? options = null) => new(postgres.Database, Sealer(options ?? _options));

    private AccessKeyCache Cache(AccessKeyOptions? options = null) => new(Store(options), Options.Create(options ?? _options), _time);

    private async Task<NewAccessKey> CreateAsync()
    {
        var key = NewAccessKey.Generate(s_owner);
        Assert.NotNull(await Store().CreateAsync(key, s_none));
        return key;
    }

    private async Task StartRootAsync(AccessKeyOptions options)
    {
        using var root = new RootAccessKey(
            Store(options), Cache(options), Options.Create(options), TimeProvider.System, NullLogger<RootAccessKey>.Instance);
        await root.StartAsync(s_none);
        await root.ExecuteTask!.WaitAsync(TimeSpan.FromSeconds(30));
        var registration = new HealthCheckRegistration("access-keys", root, HealthStatus.Unhealthy, tags: null);
        Assert.Equal(HealthStatus.Healthy, (await root.CheckHealthAsync(new HealthCheckContext { Registration = registration })).Status);
        await root.StopAsync(s_none);
    }

    private async Task<string?> NameOfOwnerAsync() =>
        (await new OwnerStore(postgres.Database).FindAsync(new OwnerId(s_owner.Id), s_none))?.DisplayName;

    private async Task<object?> ScalarAsync(string sql, params object[] values)
    {
        await using var command = postgres.Database.CreateCommand(sql);
        foreach (var value in values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        }

        return await command.ExecuteScalarAsync();
    }
}
