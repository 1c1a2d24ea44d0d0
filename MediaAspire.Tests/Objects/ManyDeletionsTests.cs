using MediaAspire.Core.Buckets;
using MediaAspire.Core.Objects;
using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Objects;

public sealed class ManyDeletionsTests(PostgresFixture postgres) : IAsyncLifetime, IClassFixture<PostgresFixture>
{
    private const int Objects = 80;
    private const int Rounds = 10;

    private readonly ObjectCatalog _catalog = new(postgres.Database, TimeProvider.System);

    public Task InitializeAsync() => ClearAsync();

    public Task DisposeAsync() => ClearAsync();

    [Fact]
    public async Task Copies_deleted_in_opposite_orders_at_once_never_wait_in_a_ring_and_release_each_file_once()
    {
        for (var round = 0; round < Rounds; round++)
        {
            await ClearAsync();
            var left = await ListingRows.CreateBucketAsync(postgres);
            var right = await ListingRows.CreateBucketAsync(postgres);
            await AddSharedAsync(left, right);
            var keys = Enumerable.Range(0, Objects).Select(number => new DeletionEntry($"key-{number}")).ToArray();

            // The same keys and files, in ascending and in descending order.
            var outcomes = await Task.WhenAll(
                Task.Run(() => _catalog.DeleteManyAsync(left.Id, keys, "alice", CancellationToken.None)),
                Task.Run(() => _catalog.DeleteManyAsync(left.Id, [.. keys.Reverse()], "alice", CancellationToken.None)),
                Task.Run(() => _catalog.DeleteManyAsync(right.Id, [.. keys.Reverse()], "alice", CancellationToken.None)));

            Assert.All(outcomes, outcome =>
                Assert.Equal(Objects, outcome?.Count(deletion => deletion.Outcome == ObjectWriteOutcome.Written)));
            await using var count = postgres.Database.CreateCommand(
                "SELECT count(*) FILTER (WHERE holders = 0 AND upload_status = 'deleted') FROM files");
            Assert.Equal((long)Objects, await count.ExecuteScalarAsync());
        }
    }

    [Fact]
    public async Task DeleteManyAsync_DeletedBucket_ReturnsNull()
    {
        var bucket = await ListingRows.CreateBucketAsync(postgres);
        var buckets = new BucketCatalog(postgres.Database, TimeProvider.System);
        Assert.Equal(BucketDeletion.Deleted, await buckets.DeleteAsync(bucket.Id, CancellationToken.None));

        Assert.Null(await _catalog.DeleteManyAsync(bucket.Id, [new("a")], "alice", CancellationToken.None));
    }

    // Each file is held by an object of both buckets.
    private async Task AddSharedAsync(Bucket left, Bucket right)
    {
        await using var command = postgres.Database.CreateCommand(
            """
            WITH added AS (
                INSERT INTO files (file_id, filename, content_type, total_size, checksum, upload_status, copies, holders, completed_at)
                SELECT gen_random_uuid(), 'key-' || n, '', 0, sha256(''), 'completed', 1, 2, now() FROM generate_series(0, $3 - 1) AS n
                RETURNING file_id, filename)
            INSERT INTO objects (version_id, bucket_id, key, is_latest, is_null, owner_id, file_id)
            SELECT gen_random_uuid(), b, filename, true, true, 'alice', file_id FROM added, unnest(ARRAY[$1, $2]) AS b
            """);
        command.Parameters.Add(new() { Value = left.Id.Value });
        command.Parameters.Add(new() { Value = right.Id.Value });
        command.Parameters.Add(new() { Value = Objects });
        Assert.Equal(2 * Objects, await command.ExecuteNonQueryAsync());
    }

    private async Task ClearAsync()
    {
        await ListingRows.ClearAsync(postgres);
        await postgres.ClearAsync("files");
    }
}
