using MediaAspire.Core.Media.Postgres;
using MediaAspire.Tests.Harness;
using Microsoft.Extensions.Logging.Abstractions;

namespace MediaAspire.Tests.Media;

/// <summary>An empty catalog in PostgreSQL, with its job queue.</summary>
internal sealed class TestMediaStore(PostgresFixture postgres, JobEngineClient jobs) : IAsyncDisposable
{
    public PostgresMediaStore Store { get; } = new(
        postgres.Database, jobs.Queue, TimeProvider.System, NullLogger<PostgresMediaStore>.Instance);

    public JobEngineClient Jobs { get; } = jobs;

    public static async Task<TestMediaStore> OpenAsync(PostgresFixture postgres)
    {
        await postgres.ClearAsync("media", "media_objects", "media_object_deletions", "image_blobs", "jobs");
        return new(postgres, await new PostgresJobEngine(postgres).OpenAsync());
    }

    /// <summary>Lists the keys of the objects that are scheduled for deletion.</summary>
    public async Task<IReadOnlyList<string>> ListDeletionsAsync()
    {
        await using var command = postgres.Database.CreateCommand(
            "SELECT coalesce(array_agg(object_key ORDER BY object_key), '{}') FROM media_object_deletions");
        return (string[])(await command.ExecuteScalarAsync())!;
    }

    public ValueTask DisposeAsync() => Jobs.DisposeAsync();
}
