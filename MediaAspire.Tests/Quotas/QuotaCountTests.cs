using MediaAspire.Core.Buckets;
using MediaAspire.Core.Checksums;
using MediaAspire.Core.Ids;
using MediaAspire.Core.NamedFiles;
using MediaAspire.Core.Objects;
using MediaAspire.Core.Quotas;
using MediaAspire.Tests.Harness;
using Npgsql;

namespace MediaAspire.Tests.Quotas;

/// <summary>The usage that quotas count, one writer at a time.</summary>
public sealed class QuotaCountTests(PostgresFixture postgres) : IAsyncLifetime, IClassFixture<PostgresFixture>
{
    private QuotaWorld _world = null!;

    public async Task InitializeAsync() => _world = await QuotaWorld.StartAsync(postgres);

    public async Task DisposeAsync() => await _world.DisposeAsync();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task The_usage_after_any_operations_is_that_of_a_full_count(int seed)
    {
        var random = new Random(seed);
        var buckets = new[]
        {
            await _world.CreateBucketAsync("off"),
            await _world.CreateBucketAsync("enabled", BucketVersioning.Enabled),
            await _world.CreateBucketAsync("suspended", BucketVersioning.Suspended),
        };
        var files = new List<FileId>();
        var versions = new List<(BucketId Bucket, NewVersion Version)>();
        var refused = 0;

        // Something is stored before the quotas are set.
        for (var i = 0; i < 20; i++)
        {
            await StepAsync();
        }

        await _world.SetAsync(QuotaScope.Of(QuotaWorld.Owner), bytes: 60_000, objects: 60);
        foreach (var bucket in buckets)
        {
            await _world.SetAsync(QuotaScope.Of(bucket.Id), bytes: 25_000, objects: 25);
        }

        await _world.AssertExactAsync();
        for (var i = 0; i < 300; i++)
        {
            await StepAsync();
            if (i % 10 == 0)
            {
                await _world.AssertExactAsync();
            }
        }

        await _world.AssertExactAsync();
        Assert.InRange(refused, 1, 299);

        async Task StepAsync()
        {
            var bucket = buckets[random.Next(3)].Id;
            var key = $"{random.Next(8)}";
            var size = random.Next(3000);
            switch (random.Next(9))
            {
                case 0 when await _world.PutFileAsync(size) is { } file:
                    files.Add(file);
                    break;
                case 1 when files.Count > 0:
                    await _world.DeleteFileAsync(files[random.Next(files.Count)]);
                    break;
                case 2 or 3 when await _world.PutObjectAsync(bucket, key, size) is { } version:
                    versions.Add((bucket, version));
                    break;
                case 4 when versions.Count > 0:
                    await _world.CopyAsync(bucket, versions[random.Next(versions.Count)].Version, key);
                    break;
                case 5:
                    await _world.Objects.DeleteManyAsync(bucket, [new(key), new($"{random.Next(8)}")], "alice", default);
                    break;
                case 6 when versions.Count > 0:
                    var (holder, named) = versions[random.Next(versions.Count)];
                    await _world.Objects.DeleteVersionAsync(holder, named.Key, named.Id, DeletionConditions.None, default);
                    break;
                case 7:
                    var upload = await _world.BeginUploadAsync(bucket, key);
                    var isFirstPut = await _world.PutPartAsync(upload.Id, 1, size);
                    await _world.PutPartAsync(upload.Id, 2, random.Next(500));
                    await _world.PutPartAsync(upload.Id, 1, random.Next(500));
                    if (isFirstPut && random.Next(2) == 0)
                    {
                        refused += await _world.CompleteAsync(upload, 1) is null ? 1 : 0;
                    }
                    else if (random.Next(2) == 0)
                    {
                        await _world.Uploads.AbortAsync(upload.Id, default);
                    }

                    break;
                case 8:
                    await PutNamedAsync(key, size);
                    break;
                default:
                    refused++;
                    break;
            }
        }

        async Task PutNamedAsync(string name, int size)
        {
            try
            {
                var version = await PutStagedAsync(name, size);
                if (random.Next(2) == 0)
                {
                    files.Add(await SplitAsync(version, size));
                }
            }
            catch (PostgresException failure) when (failure.SqlState == "MA003")
            {
                refused++;
            }
        }
    }

    [Fact]
    public async Task A_quota_below_what_is_used_refuses_what_adds_and_allows_deletions()
    {
        var bucket = await _world.CreateBucketAsync("films");
        var file = (await _world.PutFileAsync(1000))!.Value;
        await _world.PutObjectAsync(bucket.Id, "a", 1000);
        var upload = await _world.BeginUploadAsync(bucket.Id, "parts");
        await _world.PutPartAsync(upload.Id, 1, 1000);
        await _world.PutPartAsync(upload.Id, 2, 1000);
        await _world.SetAsync(QuotaScope.Of(QuotaWorld.Owner), bytes: 500);

        Assert.Equal(new(4000, 2), await _world.UsedAsync());
        Assert.Null(await _world.PutFileAsync(1));
        Assert.Null(await _world.PutObjectAsync(bucket.Id, "b", 1));
        Assert.Null(await _world.PutObjectAsync(bucket.Id, "a", 1001));
        Assert.False(await _world.PutPartAsync(upload.Id, 3, 1));

        // These add no byte.
        Assert.NotNull(await _world.PutFileAsync(0));
        Assert.NotNull(await _world.PutObjectAsync(bucket.Id, "a", 999));
        Assert.NotNull(await _world.CompleteAsync(upload, 1));
        Assert.True(await _world.DeleteFileAsync(file));
        Assert.Equal(new(1999, 3), await _world.UsedAsync());
        await _world.AssertExactAsync();
    }

    [Fact]
    public async Task A_deletion_makes_room_at_once()
    {
        await _world.SetAsync(QuotaScope.Of(QuotaWorld.Owner), bytes: 1000, objects: 1);
        var file = (await _world.PutFileAsync(1000))!.Value;

        Assert.Null(await _world.PutFileAsync(0));
        Assert.True(await _world.DeleteFileAsync(file));
        Assert.False(await _world.DeleteFileAsync(file));
        Assert.NotNull(await _world.PutFileAsync(1000));
        await _world.AssertExactAsync();
    }

    [Fact]
    public async Task A_long_file_that_a_quota_refuses_leaves_nothing()
    {
        await _world.SetAsync(QuotaScope.Of(QuotaWorld.Owner), bytes: 299_999);

        Assert.Null(await _world.PutFileAsync(300_000));
        Assert.NotNull(await _world.PutFileAsync(299_999));
        await _world.AssertExactAsync();
    }

    [Fact]
    public async Task A_staged_version_at_the_edge_can_be_split_and_replaced()
    {
        await _world.SetAsync(QuotaScope.Of(QuotaWorld.Owner), bytes: 1000, objects: 1);
        var version = await PutStagedAsync("a", 1000);
        await SplitAsync(version, 1000);
        await _world.AssertExactAsync();
        Assert.Equal(new(1000, 1), await _world.UsedAsync());

        await PutStagedAsync("a", 900);
        await PutStagedAsync("a", 1000);
        await Assert.ThrowsAsync<PostgresException>(() => PutStagedAsync("a", 1001));
        await Assert.ThrowsAsync<PostgresException>(() => PutStagedAsync("b", 0));
        await _world.AssertExactAsync();
    }

    [Fact]
    public async Task A_bucket_of_an_owner_with_a_quota_counts_to_it_and_a_deleted_one_does_not()
    {
        await _world.SetAsync(QuotaScope.Of(QuotaWorld.Owner), bytes: 1000);
        var bucket = await _world.CreateBucketAsync("films");
        await _world.SetAsync(QuotaScope.Of(bucket.Id), bytes: 2000);
        var upload = await _world.BeginUploadAsync(bucket.Id, "parts");

        Assert.True(await _world.PutPartAsync(upload.Id, 1, 900));
        Assert.False(await _world.PutPartAsync(upload.Id, 2, 101));
        Assert.Null(await _world.PutObjectAsync(bucket.Id, "a", 101));
        Assert.Equal(BucketDeletion.Deleted, await _world.Buckets.DeleteAsync(bucket.Id, default));
        Assert.Equal(default, await _world.UsedAsync());
        await _world.AssertExactAsync();
    }

    [Fact]
    public async Task Another_owners_buckets_and_files_do_not_count()
    {
        var bucket = await _world.CreateBucketAsync("bobs", owner: "bob");
        await _world.SetAsync(QuotaScope.Of(QuotaWorld.Owner), bytes: 1);

        Assert.NotNull(await _world.PutObjectAsync(bucket.Id, "a", 1000));
        Assert.Equal(default, await _world.UsedAsync());
    }

    [Fact]
    public async Task Removing_one_of_two_quotas_leaves_the_other_in_force()
    {
        var bucket = await _world.CreateBucketAsync("films");
        await _world.SetAsync(QuotaScope.Of(QuotaWorld.Owner), bytes: 1000);
        await _world.SetAsync(QuotaScope.Of(bucket.Id), bytes: 100);

        Assert.True(await _world.Quotas.RemoveAsync(QuotaScope.Of(bucket.Id), default));
        Assert.False(await _world.Quotas.RemoveAsync(QuotaScope.Of(bucket.Id), default));
        Assert.NotNull(await _world.PutObjectAsync(bucket.Id, "a", 1000));
        Assert.Null(await _world.PutObjectAsync(bucket.Id, "b", 1));

        await _world.SetAsync(QuotaScope.Of(bucket.Id), bytes: 1001);
        Assert.True(await _world.Quotas.RemoveAsync(QuotaScope.Of(QuotaWorld.Owner), default));
        Assert.NotNull(await _world.PutObjectAsync(bucket.Id, "b", 1));
        Assert.Null(await _world.PutObjectAsync(bucket.Id, "c", 1));

        Assert.True(await _world.Quotas.RemoveAsync(QuotaScope.Of(bucket.Id), default));
        Assert.False((await _world.Buckets.FindAsync("films", default))!.IsLimited);
        Assert.NotNull(await _world.PutObjectAsync(bucket.Id, "c", 1));
    }

    [Fact]
    public async Task A_quota_refuses_nothing_before_what_is_stored_has_been_counted()
    {
        var id = (await _world.Quotas.SetAsync(QuotaScope.Of(QuotaWorld.Owner), new(Bytes: 0, Objects: null), default))!.Value;

        Assert.NotNull(await _world.PutFileAsync(10));
        Assert.True((await _world.Quotas.FindAsync(QuotaScope.Of(QuotaWorld.Owner), default))!.IsCounting);
        await _world.Counter.CountAsync(id, default);
        await _world.Counter.CountAsync(id, default);
        Assert.Null(await _world.PutFileAsync(10));
        Assert.Equal(new(10, 1), await _world.UsedAsync());
    }

    [Fact]
    public async Task The_count_waits_for_a_write_that_has_not_seen_the_quota()
    {
        var bucket = await _world.CreateBucketAsync("films");
        await using var connection = await postgres.Database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using (var write = new NpgsqlCommand(
            $"SELECT write_marker('{bucket.Id}', 'a', gen_random_uuid(), 'alice'), pg_current_xact_id()", connection, transaction))
        {
            await write.ExecuteNonQueryAsync();
        }

        var id = (await _world.Quotas.SetAsync(QuotaScope.Of(bucket.Id), new(Bytes: 100, Objects: null), default))!.Value;
        await using (var write = new NpgsqlCommand("UPDATE objects SET size = 70, is_delete_marker = false", connection, transaction))
        {
            await write.ExecuteNonQueryAsync();
        }

        var counting = _world.Counter.CountAsync(id, default);
        Assert.NotNull(await _world.PutObjectAsync(bucket.Id, "b", 40));
        Assert.False(counting.IsCompleted);
        await transaction.CommitAsync();
        await counting;

        Assert.Equal(new(110, 2), await _world.UsedAsync(QuotaScope.Of(bucket.Id)));
        Assert.Null(await _world.PutObjectAsync(bucket.Id, "c", 1));
    }

    [Fact]
    public async Task An_audit_finds_and_corrects_a_usage_that_was_changed_by_hand()
    {
        await _world.SetAsync(QuotaScope.Of(QuotaWorld.Owner), bytes: 1000);
        await _world.PutFileAsync(100);
        await postgres.ExecuteAsync("UPDATE quotas SET used_bytes = 30, used_objects = 3");
        var (id, _) = Assert.Single(await _world.Counter.ListAsync(Guid.Empty, 10, default));

        Assert.Equal(new(70, -2), await _world.Counter.AuditAsync(id, default));
        Assert.Equal(default, await _world.Counter.AuditAsync(id, default));
        await _world.AssertExactAsync();
    }

    [Fact]
    public async Task Set_ForAnUnknownOwnerOrBucket_ReturnsNull()
    {
        Assert.Null(await _world.Quotas.SetAsync(QuotaScope.Of(new OwnerId("nobody")), new(1, 1), default));
        Assert.Null(await _world.Quotas.SetAsync(QuotaScope.Of(BucketId.New(TimeProvider.System)), new(1, 1), default));
        Assert.Empty(await _world.Counter.ListAsync(Guid.Empty, 10, default));
    }

    private async Task<StagingId> PutStagedAsync(string name, int size)
    {
        var version = new StagingId(Guid.CreateVersion7());
        await using var batch = postgres.Database.CreateBatch();
        batch.BatchCommands.Add(NamedFileCatalog.Put(
            new(QuotaWorld.Owner, "client", name), version, size, new Sha256Digest(new byte[32])));
        Assert.Equal(true, await batch.ExecuteScalarAsync());
        return version;
    }

    private Task<FileId> SplitAsync(StagingId version, int size) => _world.SplitAsync(version, size);
}
