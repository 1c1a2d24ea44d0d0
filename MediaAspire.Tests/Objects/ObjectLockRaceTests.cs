using MediaAspire.Core.Buckets;
using MediaAspire.Core.Ids;
using MediaAspire.Core.Objects;
using MediaAspire.Tests.Harness;
using Npgsql;

namespace MediaAspire.Tests.Objects;

/// <summary>A version that was reported as locked stays.</summary>
public sealed class ObjectLockRaceTests(PostgresFixture postgres) : IAsyncLifetime, IClassFixture<PostgresFixture>
{
    private const int Rounds = 60;

    private readonly ObjectLocks _locks = new(postgres.Database);
    private readonly ObjectCatalog _objects = new(postgres.Database, TimeProvider.System);
    private Bucket _bucket = null!;

    public async Task InitializeAsync()
    {
        await ListingRows.ClearAsync(postgres);
        _bucket = await LockedRows.CreateBucketAsync(postgres);
    }

    public Task DisposeAsync() => ListingRows.ClearAsync(postgres);

    [Theory]
    [InlineData(false, "UPDATE objects SET legal_hold = true")]
    [InlineData(false, "SELECT set_retention(version_id, 'GOVERNANCE', now() + interval '1 day', false) FROM objects")]
    [InlineData(true, "UPDATE objects SET legal_hold = true")]
    [InlineData(true, "SELECT set_retention(version_id, 'GOVERNANCE', now() + interval '1 day', false) FROM objects")]
    public async Task A_deletion_that_waits_for_a_lock_being_set_finds_it(bool among, string change)
    {
        var version = await LockedRows.PutAsync(postgres, _bucket.Id, "a");
        await using var connection = await postgres.Database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using (var set = new NpgsqlCommand(change, connection, transaction))
        {
            await set.ExecuteNonQueryAsync();
        }

        var deletion = DeleteAsync(version, among);
        await Until.TrueAsync("the deletion waits for the version", async () => await postgres.CountWaitingAsync() > 0);
        await transaction.CommitAsync();

        Assert.Equal(ObjectWriteOutcome.Locked, await deletion);
        Assert.Equal(1, await LockedRows.CountAsync(postgres, version));
    }

    [Fact]
    public async Task A_lock_that_waits_for_a_deletion_is_not_set()
    {
        var version = await LockedRows.PutAsync(postgres, _bucket.Id, "a");
        await using var connection = await postgres.Database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using (var remove = new NpgsqlCommand($"SELECT remove_versions(ARRAY['{version.Value}'::uuid])", connection, transaction))
        {
            await remove.ExecuteNonQueryAsync();
        }

        var until = await LockedRows.InDaysAsync(postgres, 1);
        var retention = _locks.SetRetentionAsync(version, new(RetentionMode.Compliance, until), bypassesGovernance: false, default);
        var hold = _locks.SetLegalHoldAsync(version, isOn: true, default);
        await Until.TrueAsync("both wait for the version", async () => await postgres.CountWaitingAsync() == 2);
        await transaction.CommitAsync();

        Assert.Equal(RetentionOutcome.NotFound, await retention);
        Assert.False(await hold);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Deletion_and_retention_at_once_never_both_succeed(bool among)
    {
        var until = await LockedRows.InDaysAsync(postgres, 1);
        for (var round = 0; round < Rounds; round++)
        {
            var version = await LockedRows.PutAsync(postgres, _bucket.Id, $"k{round}");

            var deletion = Task.Run(() => DeleteAsync(version, among, $"k{round}"));
            var retention = await Task.Run(
                () => _locks.SetRetentionAsync(version, new(RetentionMode.Compliance, until), bypassesGovernance: true, default));

            Assert.Equal(
                retention == RetentionOutcome.Set ? (ObjectWriteOutcome.Locked, 1L) : (ObjectWriteOutcome.Written, 0L),
                (await deletion, await LockedRows.CountAsync(postgres, version)));
        }
    }

    private async Task<ObjectWriteOutcome> DeleteAsync(VersionId version, bool among, string key = "a")
    {
        if (!among)
        {
            return (await _objects.DeleteVersionAsync(_bucket.Id, key, version, DeletionConditions.None, default)).Outcome;
        }

        return Assert.Single((await _objects.DeleteManyAsync(_bucket.Id, [new(key) { Version = version }], "alice", default))!).Outcome;
    }
}
