using System.Security.Cryptography;
using MediaAspire.Core.AccessKeys;
using MediaAspire.Tests.Harness;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace MediaAspire.Tests.AccessKeys;

/// <summary>A secrets key is exchanged while access keys work.</summary>
public sealed class SecretsKeyRotationTests(PostgresFixture postgres) : IAsyncLifetime, IClassFixture<PostgresFixture>
{
    private const int Count = 250;

    private static readonly CancellationToken s_none = CancellationToken.None;

    private readonly string _old = NewKey();
    private readonly string _new = NewKey();
    private readonly List<NewAccessKey> _keys =
        [.. Enumerable.Range(0, Count).Select(_ => NewAccessKey.Generate(new("owner", "Owner")))];

    public async Task InitializeAsync()
    {
        await postgres.ClearAsync("access_keys");
        foreach (var key in _keys)
        {
            await Store(_old).CreateAsync(key, s_none);
        }
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task A_secret_under_the_old_key_is_read_then_resealed_and_the_old_key_is_removed()
    {
        await AssertReadableAsync(_new, _old);
        await Assert.ThrowsAsync<SealedSecretException>(() => Store(_new).OpenAsync(_keys[0].Id, s_none));
        Assert.Equal([(true, true, 0), (false, true, Count)], await UsesAsync(_new, _old));
        Assert.Equal([(true, true, 0), (false, false, Count)], await UsesAsync(_new));

        await Resealer(_new, _old).ResealAsync(s_none);

        Assert.Equal([(true, true, Count), (false, true, 0)], await UsesAsync(_new, _old));
        Assert.Equal([(true, true, Count)], await UsesAsync(_new));
        await AssertReadableAsync(_new);
        await Assert.ThrowsAsync<SealedSecretException>(() => Store(_old).OpenAsync(_keys[0].Id, s_none));
    }

    [Fact]
    public async Task Resealing_continues_where_a_process_ended_and_two_may_run_at_once()
    {
        var (resealed, last) = await Secrets(_new, _old).ResealAsync("", limit: 30, s_none);
        Assert.Equal((30, _keys.Select(key => key.Id).Order(StringComparer.Ordinal).ElementAt(29)), (resealed, last));
        await AssertReadableAsync(_new, _old);

        await Task.WhenAll(Resealer(_new, _old).ResealAsync(s_none), Resealer(_new, _old).ResealAsync(s_none));

        await AssertReadableAsync(_new);
    }

    [Fact]
    public async Task Nothing_is_resealed_without_an_old_key_nor_a_secret_that_was_changed()
    {
        await Resealer(_new).ResealAsync(s_none);
        await AssertReadableAsync(_old);

        await using var change = postgres.Database.CreateCommand(
            "UPDATE access_keys SET sealed_secret = set_byte(sealed_secret, 20, get_byte(sealed_secret, 20) # 1) WHERE access_key_id = $1");
        change.Parameters.Add(new() { Value = _keys[0].Id });
        await change.ExecuteNonQueryAsync();

        await Assert.ThrowsAsync<SealedSecretException>(() => Resealer(_new, _old).ResealAsync(s_none));
    }

    private static string NewKey() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    private static SecretSealer Sealer(string current, params string[] old)
    {
        var options = new AccessKeyOptions { SecretsKey = current };
        foreach (var key in old)
        {
            options.OldSecretsKeys.Add(key);
        }

        return new(Options.Create(options));
    }

    private AccessKeyStore Store(string current, params string[] old) => new(postgres.Database, Sealer(current, old));

    private SealedSecrets Secrets(string current, params string[] old) => new(postgres.Database, Sealer(current, old));

    private SecretResealer Resealer(string current, params string[] old) => new(
        Secrets(current, old), Sealer(current, old), TimeProvider.System, NullLogger<SecretResealer>.Instance);

    private async Task<IEnumerable<(bool, bool, long)>> UsesAsync(string current, params string[] old) =>
        (await Secrets(current, old).ListAsync(s_none)).Select(use => (use.IsCurrent, use.IsReadable, use.AccessKeys));

    private async Task AssertReadableAsync(string current, params string[] old)
    {
        var store = Store(current, old);
        foreach (var key in _keys)
        {
            Assert.Equal(key.Secret, (await store.OpenAsync(key.Id, s_none))?.Secret);
        }
    }
}
