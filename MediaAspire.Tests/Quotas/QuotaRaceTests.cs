using MediaAspire.Core.Buckets;
using MediaAspire.Core.Objects;
using MediaAspire.Core.Quotas;
using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Quotas;

/// <summary>Quotas under races of two replicas of the API.</summary>
public sealed class QuotaRaceTests(PostgresFixture postgres) : IAsyncLifetime, IClassFixture<PostgresFixture>
{
    private QuotaWorld _world = null!;

    public async Task InitializeAsync() => _world = await QuotaWorld.StartAsync(postgres);

    public async Task DisposeAsync() => await _world.DisposeAsync();

    [Fact]
    public async Task A_thousand_racing_puts_at_the_edge_never_exceed_the_quota_by_a_byte()
    {
        const long limit = 3_000_000;
        var bucket = await _world.CreateBucketAsync("films");
        var upload = await _world.BeginUploadAsync(bucket.Id, "parts");
        var source = (await _world.PutObjectAsync(bucket.Id, "source", 5000))!;
        await _world.SetAsync(QuotaScope.Of(QuotaWorld.Owner), limit);
        var random = new Random(13);
        var sizes = Enumerable.Range(0, 1000).Select(_ => random.Next(1, 20_000)).ToList();

        var stored = 0;
        await ObserveAsync(limit, () => RaceAsync(1000, async i =>
        {
            var isStored = (i % 4) switch
            {
                0 => await _world.PutFileAsync(sizes[i], i / 4 % 2) is not null,
                1 => await _world.PutObjectAsync(bucket.Id, $"{i}", sizes[i], i / 4 % 2) is not null,
                2 => await _world.PutPartAsync(upload.Id, i, sizes[i], i / 4 % 2),
                _ => await _world.CopyAsync(bucket.Id, source, $"{i}", i / 4 % 2) is not null,
            };
            Interlocked.Add(ref stored, isStored ? 1 : 0);
        }));

        Assert.InRange(stored, 1, 999);
        await _world.AssertExactAsync();
        var used = await _world.UsedAsync();
        Assert.InRange(used.Bytes, limit - 20_000, limit);

        // To the last byte, and no further.
        Assert.NotNull(await _world.PutFileAsync((int)(limit - used.Bytes)));
        Assert.Null(await _world.PutFileAsync(1));
        Assert.Null(await _world.PutObjectAsync(bucket.Id, "one more", 1));
        Assert.False(await _world.PutPartAsync(upload.Id, 9999, 1));
        Assert.NotNull(await _world.PutFileAsync(0));
        await _world.AssertExactAsync();
    }

    [Fact]
    public async Task Racing_puts_and_deletions_of_objects_never_exceed_a_number_of_objects()
    {
        const int limit = 20;
        var bucket = await _world.CreateBucketAsync("films");
        await _world.SetAsync(QuotaScope.Of(QuotaWorld.Owner), bytes: null, objects: 1_000_000);
        await _world.SetAsync(QuotaScope.Of(bucket.Id), bytes: null, objects: limit);

        await ObserveAsync(limit, () => RaceAsync(400, async i =>
        {
            if (i % 3 == 0)
            {
                await _world.Objects.DeleteManyAsync(
                    bucket.Id, [.. Enumerable.Range(i % 10, 5).Select(key => new DeletionEntry($"{key}"))], "alice", default);
            }
            else
            {
                await _world.PutObjectAsync(bucket.Id, $"{i % 40}", 100, i % 2);
            }
        }), used => used.Objects);

        await _world.AssertExactAsync();
    }

    [Theory]
    [InlineData(BucketVersioning.Off)]
    [InlineData(BucketVersioning.Suspended)]
    public async Task Overwrites_and_copies_of_the_same_keys_wait_for_each_other_in_no_ring(BucketVersioning versioning)
    {
        var bucket = await _world.CreateBucketAsync("films", versioning);
        var sources = new List<NewVersion>();
        for (var i = 0; i < 4; i++)
        {
            sources.Add((await _world.PutObjectAsync(bucket.Id, $"{i}", 1000))!);
        }

        await _world.SetAsync(QuotaScope.Of(QuotaWorld.Owner), bytes: 6000);
        await _world.SetAsync(QuotaScope.Of(bucket.Id), bytes: 6000);

        await ObserveAsync(6000, () => RaceAsync(200, async i =>
        {
            switch (i % 4)
            {
                case 0:
                    await _world.PutObjectAsync(bucket.Id, $"{i % 6}", 1500, i % 2);
                    break;
                case 1:
                    await _world.CopyAsync(bucket.Id, sources[i % 3], $"{i % 5}", i % 2);
                    break;
                case 2:
                    await _world.PutFileAsync(500);
                    break;
                default:
                    await _world.Objects.DeleteManyAsync(
                        bucket.Id, [new($"{i % 6}"), new($"{(i + 3) % 6}")], "alice", default);
                    break;
            }
        }));

        await _world.AssertExactAsync();
    }

    [Fact]
    public async Task A_quota_that_is_set_while_others_write_counts_exactly()
    {
        var bucket = await _world.CreateBucketAsync("films");
        using var stop = new CancellationTokenSource();
        var writers = Enumerable.Range(0, 8).Select(writer => Task.Run(async () =>
        {
            var random = new Random(writer);
            for (var i = 0; !stop.IsCancellationRequested; i++)
            {
                // A change of the bucket's mark must not break a put that rests on no bucket; see ObjectWriterTests for those that do.
                await _world.PutObjectAsync(bucket.Id, $"{writer}-{random.Next(20)}", random.Next(2000), writer % 2);
                if (await _world.PutFileAsync(random.Next(2000), writer % 2) is { } file && i % 2 == 0)
                {
                    await _world.DeleteFileAsync(file, writer % 2);
                }

                var later = await _world.CreateBucketAsync($"later-{writer}-{i}");
                await _world.PutObjectAsync(later.Id, "a", random.Next(2000), writer % 2);
            }
        })).ToList();

        for (var i = 0; i < 10; i++)
        {
            await _world.SetAsync(QuotaScope.Of(bucket.Id), bytes: 100_000_000);
            await _world.SetAsync(QuotaScope.Of(QuotaWorld.Owner), bytes: 100_000_000);
            if (i < 9)
            {
                await _world.Quotas.RemoveAsync(QuotaScope.Of(bucket.Id), default);
                await _world.Quotas.RemoveAsync(QuotaScope.Of(QuotaWorld.Owner), default);
            }
        }

        // In force: audits while the others write find no difference.
        var quotas = await _world.Counter.ListAsync(Guid.Empty, 10, default);
        Assert.Equal(2, quotas.Count);
        for (var i = 0; i < 10; i++)
        {
            foreach (var (id, isCounting) in quotas)
            {
                Assert.False(isCounting);
                Assert.Equal(default, await _world.Counter.AuditAsync(id, default));
            }
        }

        await stop.CancelAsync();
        await Task.WhenAll(writers);
        await _world.AssertExactAsync();
    }

    [Fact]
    public async Task Parts_that_race_with_the_end_of_their_uploads_count_exactly()
    {
        var bucket = await _world.CreateBucketAsync("films");
        await _world.SetAsync(QuotaScope.Of(QuotaWorld.Owner), bytes: 200_000, objects: 10);
        await _world.SetAsync(QuotaScope.Of(bucket.Id), bytes: 100_000);

        await ObserveAsync(100_000, () => RaceAsync(20, async i =>
        {
            var upload = await _world.BeginUploadAsync(bucket.Id, $"{i}");
            Assert.True(await _world.PutPartAsync(upload.Id, 1, 1000) || i > 0);
            await Task.WhenAll(
                _world.PutPartAsync(upload.Id, 1, 3000, replica: 1),
                _world.PutPartAsync(upload.Id, 2, 9000),
                _world.PutPartAsync(upload.Id, 2, 2000, replica: 1),
                i % 2 == 0 ? _world.CompleteAsync(upload, 1) : _world.Uploads.AbortAsync(upload.Id, default));
        }));

        await _world.AssertExactAsync();
        Assert.Equal(BucketDeletion.NotEmpty, await _world.Buckets.DeleteAsync(bucket.Id, default));
    }

    /// <summary>Runs an action while the stored content is counted all the time; it must never exceed a limit.</summary>
    private async Task ObserveAsync(long limit, Func<Task> action, Func<QuotaUsage, long>? figure = null)
    {
        using var stop = new CancellationTokenSource();
        var observer = Task.Run(async () =>
        {
            var most = 0L;
            while (!stop.IsCancellationRequested)
            {
                most = Math.Max(most, (figure ?? (used => used.Bytes))(await _world.CountAsync()));
            }

            return most;
        });
        await action();
        await stop.CancelAsync();
        Assert.InRange(await observer, 1, limit);
    }

    private static Task RaceAsync(int count, Func<int, Task> action) => Parallel.ForEachAsync(
        Enumerable.Range(0, count), new ParallelOptions { MaxDegreeOfParallelism = 64 }, async (i, _) => await action(i));
}
