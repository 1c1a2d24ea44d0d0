using MediaAspire.Core.Media;
using MediaAspire.Tests.Harness;
using MediaAspire.Tests.Media.Postgres;

namespace MediaAspire.Tests.Media.Redis;

/// <summary>The contract of the store in PostgreSQL, kept with Redis in front of it.</summary>
public sealed class RedisMediaStoreContractTests(PostgresFixture postgres) : PostgresMediaStoreTests(postgres), IAsyncLifetime
{
    private readonly PostgresFixture _postgres = postgres;
    private TestRedis _redis = null!;
    private MetadataReplica _replica = null!;

    public async Task InitializeAsync()
    {
        await _postgres.ExecuteAsync("UPDATE metadata_generation SET mode = 'bypass'");
        _redis = await TestRedis.StartAsync();
        _replica = await MetadataReplica.StartAsync(_postgres, _redis);
        await _replica.OpenAsync();
    }

    public async Task DisposeAsync()
    {
        await _replica.DisposeAsync();
        await _redis.DisposeAsync();
    }

    internal override Task<IMediaStore> DecorateAsync(IMediaStore store) => Task.FromResult<IMediaStore>(_replica.Store);
}
