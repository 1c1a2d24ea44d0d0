using System.Net;
using MediaAspire.Core.ApiKeys;
using MediaAspire.Core.Ids;
using MediaAspire.Core.Owners;
using MediaAspire.Tests.Harness;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;

namespace MediaAspire.Tests.ApiKeys;

public sealed class ApiKeyTests(PostgresFixture postgres) : IAsyncLifetime, IClassFixture<PostgresFixture>
{
    private static readonly CancellationToken s_none = CancellationToken.None;
    private static readonly OwnerId s_owner = new("owner-1");

    private readonly ManualTime _time = new();
    private readonly ApiKeyOptions _options = new();

    [Fact]
    public async Task A_created_key_is_valid_and_the_table_does_not_hold_its_secret()
    {
        var (text, secret) = await CreateAsync("reader", ["read"], key => key with { Owner = s_owner, CreatedBy = "root" });

        var verified = await Process().VerifyAsync(text);

        Assert.Equal(ApiKeyOutcome.Valid, verified.Outcome);
        Assert.Equal(("reader", s_owner, ApiScopes.Read), (verified.Key!.Id, verified.Key.Owner, verified.Key.Scopes));
        Assert.Equal(0L, await ScalarAsync(
            "SELECT count(*) FROM api_keys k WHERE strpos(k::text, $1) > 0 OR position($2 IN secret_sha256) > 0",
            secret, System.Text.Encoding.ASCII.GetBytes(secret)));
        var info = await Store().FindAsync("reader", s_none);
        Assert.Equal(("reader", s_owner, "root", true), (info!.Id, info.Owner, info.CreatedBy, info.IsEnabled));
        Assert.Null(info.LastUsedAt);
        Assert.Null(await Store().CreateAsync(new NewApiKey("reader", ApiKeyFormat.Hash(secret), "again", ["admin"]), s_none));
        Assert.Equal(["reader"], (await Store().ListAsync("", 10, s_none)).Select(key => key.Id));
        Assert.Empty(await Store().ListAsync("reader", 10, s_none));
    }

    [Fact]
    public async Task A_key_of_an_owner_that_does_not_exist_is_not_created() => Assert.Equal(
        PostgresErrorCodes.ForeignKeyViolation,
        (await Assert.ThrowsAsync<PostgresException>(
            () => CreateAsync("abc", ["read"], key => key with { Owner = new("nobody") }))).SqlState);

    [Theory]
    [InlineData("admin")]
    [InlineData("metrics")]
    public async Task An_owners_key_never_administers(string scope) => Assert.Equal(
        PostgresErrorCodes.CheckViolation,
        (await Assert.ThrowsAsync<PostgresException>(
            () => CreateAsync("abc", ["read", scope], key => key with { Owner = s_owner }))).SqlState);

    [Fact]
    public async Task A_wrong_secret_and_an_unknown_id_are_refused_and_cost_one_look_up()
    {
        var (text, secret) = await CreateAsync("abc", ["read"]);
        var process = Process();
        var wrong = ApiKeyFormat.Compose("abc", ApiKeyFormat.NewSecret());
        var unknown = ApiKeyFormat.Compose("xyz", ApiKeyFormat.NewSecret());

        await process.ExpectAsync(ApiKeyOutcome.Invalid, wrong, unknown);
        await process.ExpectAsync(ApiKeyOutcome.Malformed, "", "abc", text + "_");

        // Whatever the table says now, both ids are cached.
        await ScalarAsync("UPDATE api_keys SET key_id = 'xyz'");
        await process.ExpectAsync(ApiKeyOutcome.Valid, text);
        await process.ExpectAsync(ApiKeyOutcome.Invalid, wrong, unknown);
        _time.Advance(_options.KeysCachedFor);
        await process.ExpectAsync(ApiKeyOutcome.Invalid, text, wrong, unknown);
        await process.ExpectAsync(ApiKeyOutcome.Valid, ApiKeyFormat.Compose("xyz", secret));
    }

    [Fact]
    public async Task An_id_that_was_refused_is_accepted_within_the_lifetime_of_the_cache()
    {
        var process = Process();
        var (id, secret) = ("late", ApiKeyFormat.NewSecret());
        await process.ExpectAsync(ApiKeyOutcome.Invalid, ApiKeyFormat.Compose(id, secret));

        await Store().CreateAsync(new NewApiKey(id, ApiKeyFormat.Hash(secret), "late", ["read"]), s_none);
        await process.ExpectAsync(ApiKeyOutcome.Invalid, ApiKeyFormat.Compose(id, secret));
        _time.Advance(_options.KeysCachedFor);

        await process.ExpectAsync(ApiKeyOutcome.Valid, ApiKeyFormat.Compose(id, secret));
    }

    [Fact]
    public async Task A_disabled_key_is_refused_at_once_by_the_same_process_and_in_time_elsewhere()
    {
        var (text, _) = await CreateAsync("abc", ["read"]);
        TestProcess here = Process(), elsewhere = Process();
        await here.ExpectAsync(ApiKeyOutcome.Valid, text);
        await elsewhere.ExpectAsync(ApiKeyOutcome.Valid, text);

        Assert.Equal(ApiKeyChange.Done, await Store().DisableAsync("abc", s_none));
        here.Cache.Forget("abc");

        await here.ExpectAsync(ApiKeyOutcome.Invalid, text);
        _time.Advance(_options.KeysCachedFor - TimeSpan.FromMilliseconds(1));
        await elsewhere.ExpectAsync(ApiKeyOutcome.Valid, text);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        await elsewhere.ExpectAsync(ApiKeyOutcome.Invalid, text);

        Assert.Equal(ApiKeyChange.Done, await Store().EnableAsync("abc", s_none));
        here.Cache.Forget("abc");
        await here.ExpectAsync(ApiKeyOutcome.Valid, text);
        Assert.Equal(ApiKeyChange.Done, await Store().DeleteAsync("abc", s_none));
        here.Cache.Forget("abc");
        await here.ExpectAsync(ApiKeyOutcome.Invalid, text);
        Assert.Equal(ApiKeyChange.NotFound, await Store().EnableAsync("abc", s_none));
        Assert.Equal(ApiKeyChange.NotFound, await Store().DisableAsync("abc", s_none));
        Assert.Equal(ApiKeyChange.NotFound, await Store().DeleteAsync("abc", s_none));
    }

    [Fact]
    public async Task A_key_expires_while_it_is_cached()
    {
        _options.KeysCachedFor = TimeSpan.FromMinutes(1);
        var (text, _) = await CreateAsync("abc", ["read"]);
        await ScalarAsync("UPDATE api_keys SET expires_at = now() + interval '40 s'");
        var process = Process();
        await process.ExpectAsync(ApiKeyOutcome.Valid, text);

        // The interval began to run before the look-up.
        _time.Advance(TimeSpan.FromSeconds(20));
        await process.ExpectAsync(ApiKeyOutcome.Valid, text);
        _time.Advance(TimeSpan.FromSeconds(20));
        await process.ExpectAsync(ApiKeyOutcome.Invalid, text);

        await ScalarAsync("UPDATE api_keys SET expires_at = now() - interval '1 day'");
        await Process().ExpectAsync(ApiKeyOutcome.Invalid, text);
    }

    [Fact]
    public async Task After_a_rotation_both_secrets_are_valid_until_the_overlap_ends()
    {
        _options.KeysCachedFor = TimeSpan.FromMinutes(1);
        var (first, _) = await CreateAsync("abc", ["read"]);
        string second = await RotateAsync(TimeSpan.FromSeconds(50)), third;
        var process = Process();
        await process.ExpectAsync(ApiKeyOutcome.Valid, first, second);
        _time.Advance(TimeSpan.FromSeconds(50));
        await process.ExpectAsync(ApiKeyOutcome.Invalid, first);
        await process.ExpectAsync(ApiKeyOutcome.Valid, second);

        third = await RotateAsync(TimeSpan.FromDays(3));
        await Process().ExpectAsync(ApiKeyOutcome.Invalid, first);
        await Process().ExpectAsync(ApiKeyOutcome.Valid, second, third);

        var fourth = await RotateAsync(TimeSpan.Zero);
        await Process().ExpectAsync(ApiKeyOutcome.Invalid, first, second, third);
        await Process().ExpectAsync(ApiKeyOutcome.Valid, fourth);
        Assert.Null((await Store().FindAsync("abc", s_none))!.PreviousValidUntil);
        Assert.Null(await Store().RotateAsync("nobody", new byte[32], TimeSpan.Zero, s_none));

        async Task<string> RotateAsync(TimeSpan overlap)
        {
            var secret = ApiKeyFormat.NewSecret();
            Assert.NotNull(await Store().RotateAsync("abc", ApiKeyFormat.Hash(secret), overlap, s_none));
            return ApiKeyFormat.Compose("abc", secret);
        }
    }

    [Theory]
    [InlineData("10.1.2.3", true)]
    [InlineData("::ffff:10.1.2.3", true)]
    [InlineData("10.2.0.0", false)]
    [InlineData("2001:db8::1", true)]
    [InlineData("2001:db9::1", false)]
    [InlineData("::1", false)]
    [InlineData(null, false)]
    public async Task A_key_is_accepted_from_its_addresses_only(string? address, bool isAccepted)
    {
        var (text, _) = await CreateAsync("abc", ["read"], key => key with { Addresses = ["10.1.0.0/16", "2001:db8::/32"] });

        var verified = await Process().Verifier.VerifyAsync(text, address is null ? null : IPAddress.Parse(address), s_none);

        Assert.Equal(isAccepted ? ApiKeyOutcome.Valid : ApiKeyOutcome.AddressRefused, verified.Outcome);
    }

    [Fact]
    public async Task The_last_admin_key_stays_when_several_requests_come_at_the_same_time()
    {
        await CreateAsync("one", ["admin"]);
        await CreateAsync("two", ["admin", "read"]);
        await CreateAsync("temporary", ["admin"], key => key with { ExpiresAt = DateTimeOffset.UnixEpoch.AddYears(200) });
        await CreateAsync("reader", ["read"]);

        var outcomes = await Task.WhenAll(Store().DisableAsync("one", s_none), Store().DeleteAsync("two", s_none));

        Assert.Equal([ApiKeyChange.Done, ApiKeyChange.LastAdmin], outcomes.Order());
        Assert.True(await Store().HasAdminAsync(s_none));
        Assert.Equal(ApiKeyChange.Done, await Store().DeleteAsync("reader", s_none));
        Assert.Equal(ApiKeyChange.Done, await Store().DisableAsync("temporary", s_none));
    }

    [Fact]
    public async Task Last_uses_are_written_together_and_not_with_every_request()
    {
        var texts = new List<string>();
        foreach (var id in new[] { "used", "also", "idle" })
        {
            texts.Add((await CreateAsync(id, ["read"])).Text);
        }

        var process = Process();
        await process.ExpectAsync(ApiKeyOutcome.Valid, texts[0], texts[0], texts[1]);
        await process.ExpectAsync(ApiKeyOutcome.Invalid, ApiKeyFormat.Compose("idle", ApiKeyFormat.NewSecret()));
        Assert.Equal(0L, await CountUsedAsync());

        _time.Advance(TimeSpan.FromSeconds(20));
        await process.Uses.WriteAsync(s_none);

        Assert.Equal(2L, await CountUsedAsync());
        Assert.Equal(2L, await ScalarAsync(
            "SELECT count(*) FROM api_keys WHERE now() - last_used_at BETWEEN interval '20 s' AND interval '60 s'"));

        // A write without a use since changes nothing, and one that reports an older use neither.
        await process.Uses.WriteAsync(s_none);
        await Store().RecordUsesAsync(["used"], [3600], s_none);
        Assert.Equal(2L, await ScalarAsync(
            "SELECT count(*) FROM api_keys WHERE now() - last_used_at BETWEEN interval '20 s' AND interval '60 s'"));

        Task<object?> CountUsedAsync() => ScalarAsync("SELECT count(*) FROM api_keys WHERE last_used_at IS NOT NULL");
    }

    [Fact]
    public async Task The_admin_key_is_recorded_at_every_start_and_follows_the_configuration()
    {
        var first = ApiKeyFormat.Compose("root", ApiKeyFormat.NewSecret());
        var second = ApiKeyFormat.Compose("root", ApiKeyFormat.NewSecret());
        await StartRootAsync(first);
        await StartRootAsync(first);
        Assert.Equal(ApiScopes.All, (await Process().VerifyAsync(first)).Key!.Scopes);

        await StartRootAsync(second);
        await Process().ExpectAsync(ApiKeyOutcome.Invalid, first);
        await Process().ExpectAsync(ApiKeyOutcome.Valid, second);
        Assert.Equal(1L, await ScalarAsync("SELECT count(*) FROM api_keys"));

        await CreateAsync("other", ["admin"]);
        Assert.Equal(ApiKeyChange.Done, await Store().DisableAsync("root", s_none));
        await StartRootAsync(second);
        await Process().ExpectAsync(ApiKeyOutcome.Invalid, second);
    }

    public async Task InitializeAsync()
    {
        await postgres.ClearAsync("owners");
        await new OwnerStore(postgres.Database).EnsureAsync(s_owner, "One", s_none);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    private ApiKeyStore Store() => new(postgres.Database, _time);

    private TestProcess Process() => new(Store(), _options, _time);

    private async Task<(string Text, string Secret)> CreateAsync(string id, string[] scopes, Func<NewApiKey, NewApiKey>? with = null)
    {
        var secret = ApiKeyFormat.NewSecret();
        var key = new NewApiKey(id, ApiKeyFormat.Hash(secret), "A key", scopes);
        Assert.NotNull(await Store().CreateAsync(with is null ? key : with(key), s_none));
        return (ApiKeyFormat.Compose(id, secret), secret);
    }

    private async Task StartRootAsync(string text)
    {
        var options = Options.Create(new ApiKeyOptions { AdminKey = text });
        using var cache = new ApiKeyCache(Store(), options, _time);
        using var root = new RootApiKey(Store(), cache, options, TimeProvider.System, NullLogger<RootApiKey>.Instance);
        var context = new HealthCheckContext
        {
            Registration = new HealthCheckRegistration("api-keys", root, HealthStatus.Unhealthy, tags: null),
        };
        Assert.Equal(HealthStatus.Unhealthy, (await root.CheckHealthAsync(context)).Status);
        await root.StartAsync(s_none);
        await root.ExecuteTask!.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(HealthStatus.Healthy, (await root.CheckHealthAsync(context)).Status);
        await root.StopAsync(s_none);
    }

    private async Task<object?> ScalarAsync(string sql, params object[] values)
    {
        await using var command = postgres.Database.CreateCommand(sql);
        foreach (var value in values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        }

        return await command.ExecuteScalarAsync();
    }

    /// <summary>The services of one process.</summary>
    private sealed class TestProcess
    {
        public TestProcess(ApiKeyStore store, ApiKeyOptions options, TimeProvider time)
        {
            Cache = new ApiKeyCache(store, Options.Create(options), time);
            Uses = new ApiKeyUses(store, Options.Create(options), time, NullLogger<ApiKeyUses>.Instance);
            Verifier = new ApiKeyVerifier(Cache, Uses, time);
        }

        public ApiKeyCache Cache { get; }

        public ApiKeyUses Uses { get; }

        public ApiKeyVerifier Verifier { get; }

        public Task<ApiKeyVerification> VerifyAsync(string text) => Verifier.VerifyAsync(text, IPAddress.Loopback, s_none).AsTask();

        public async Task ExpectAsync(ApiKeyOutcome outcome, params string[] texts)
        {
            foreach (var text in texts)
            {
                Assert.Equal(outcome, (await VerifyAsync(text)).Outcome);
            }
        }
    }
}
