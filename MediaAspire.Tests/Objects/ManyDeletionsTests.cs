using MediaAspire.Core.Buckets;
using MediaAspire.Core.Objects;
using MediaAspire.Tests.Harness;
using Npgsql;

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

    /// <summary>
    /// A server of the defaults has room for 64 locks of each of 100 connections. Deletions of 14,000 keys at once would overflow it if
    /// each took its locks in one transaction.
    /// </summary>
    [Fact]
    public async Task Fourteen_deletions_of_a_thousand_keys_side_by_side_fit_the_locks_of_a_default_server()
    {
        const int deletions = 14;
        const int keysOfEach = 1000;
        await using var server = await PostgresServer.StartAsync();
        await using var own = await PostgresFixture.CreateOnAsync(server);
        var catalog = new ObjectCatalog(own.Database, TimeProvider.System);
        var bucket = await ListingRows.CreateBucketAsync(own);
        await ListingRows.AddAsync(own, bucket.Id, Enumerable.Range(0, deletions * keysOfEach).Select(number => $"key-{number}"));

        var outcomes = await Task.WhenAll(Enumerable.Range(0, deletions).Select(deletion => Task.Run(() => catalog.DeleteManyAsync(
            bucket.Id,
            [.. Enumerable.Range(0, keysOfEach).Select(number => new DeletionEntry($"key-{(number * deletions) + deletion}"))],
            "alice",
            CancellationToken.None))));

        Assert.All(outcomes, outcome => Assert.Equal(keysOfEach, outcome?.Count(entry => entry.Outcome == ObjectWriteOutcome.Written)));
        await using var left = own.Database.CreateCommand("SELECT count(*) FROM objects");
        Assert.Equal(0L, await left.ExecuteScalarAsync());
    }

    /// <summary>
    /// PostgreSQL's table has room for <c>max_locks_per_transaction</c> (64 by default) of every connection, on average. When no
    /// transaction takes more, it never overflows.
    /// </summary>
    [Theory]
    [InlineData(BucketVersioning.Off)]
    [InlineData(BucketVersioning.Enabled)]
    public async Task A_transaction_of_deletions_takes_no_more_locks_than_its_share(BucketVersioning versioning)
    {
        var left = await ListingRows.CreateBucketAsync(postgres, versioning);
        var right = await ListingRows.CreateBucketAsync(postgres, versioning);
        await AddSharedAsync(left, right);
        await using var connection = await postgres.Database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using var delete = new NpgsqlCommand(
            """
            SELECT count(*) FROM (SELECT array_agg('key-' || n) AS keys FROM generate_series(0, $2 - 1) AS n) AS k, delete_objects(
                $1, 'alice', k.keys, array_fill(NULL::uuid, ARRAY[$2]), array_fill(false, ARRAY[$2]), array_fill(NULL::text, ARRAY[$2]),
                array_fill(NULL::bigint, ARRAY[$2]), array_fill(NULL::timestamptz, ARRAY[$2]), array_fill(false, ARRAY[$2]),
                (SELECT array_agg(gen_random_uuid()) FROM generate_series(1, $2)))
            """,
            connection)
        {
            Parameters = { new() { Value = left.Id.Value }, new() { Value = ObjectCatalog.MaxDeletionsAtOnce } },
        };
        Assert.Equal((long)ObjectCatalog.MaxDeletionsAtOnce, await delete.ExecuteScalarAsync());

        await using var locks = new NpgsqlCommand("SELECT count(*) FROM pg_locks WHERE pid = pg_backend_pid()", connection);

        Assert.InRange((long)(await locks.ExecuteScalarAsync())!, ObjectCatalog.MaxDeletionsAtOnce, 64);
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
