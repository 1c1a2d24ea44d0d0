using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Media.Redis;

/// <summary>An empty catalog with one process that has its hot copy in a Redis of its own.</summary>
public abstract class MetadataSyncTests(PostgresFixture postgres) : IAsyncLifetime, IClassFixture<PostgresFixture>
{
    private TestRedis _redis = null!;

    protected PostgresFixture Postgres => postgres;

    internal MetadataReplica Replica { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        await postgres.ClearAsync("media", "media_objects", "media_object_deletions");
        await postgres.ExecuteAsync("UPDATE metadata_generation SET mode = 'bypass'");
        _redis = await TestRedis.StartAsync();
        Replica = await MetadataReplica.StartAsync(postgres, _redis);
        await Replica.OpenAsync();
    }

    public async Task DisposeAsync()
    {
        await Replica.DisposeAsync();
        await _redis.DisposeAsync();
    }
}
