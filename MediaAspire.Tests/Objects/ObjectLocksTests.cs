using MediaAspire.Core.Buckets;
using MediaAspire.Core.Ids;
using MediaAspire.Core.Objects;
using MediaAspire.Tests.Harness;
using Npgsql;
using static MediaAspire.Core.Buckets.RetentionMode;

namespace MediaAspire.Tests.Objects;

public sealed class ObjectLocksTests(PostgresFixture postgres) : IAsyncLifetime, IClassFixture<PostgresFixture>
{
    private readonly ObjectLocks _locks = new(postgres.Database);
    private readonly ObjectCatalog _objects = new(postgres.Database, TimeProvider.System);
    private readonly BucketCatalog _buckets = new(postgres.Database, TimeProvider.System);
    private Bucket _bucket = null!;

    public async Task InitializeAsync()
    {
        await ListingRows.ClearAsync(postgres);
        _bucket = await LockedRows.CreateBucketAsync(postgres);
    }

    public Task DisposeAsync() => ListingRows.ClearAsync(postgres);

    [Theory]
    [InlineData(null, 0, Governance, 1, false, RetentionOutcome.Set)]
    [InlineData(null, 0, Compliance, 1, false, RetentionOutcome.Set)]
    [InlineData(null, 0, null, 0, false, RetentionOutcome.Set)]
    [InlineData(null, 0, Governance, -1, true, RetentionOutcome.Past)]
    [InlineData(Governance, 5, Governance, 6, false, RetentionOutcome.Set)]
    [InlineData(Governance, 5, Governance, 4, false, RetentionOutcome.Held)]
    [InlineData(Governance, 5, Governance, 4, true, RetentionOutcome.Set)]
    [InlineData(Governance, 5, Compliance, 6, false, RetentionOutcome.Held)]
    [InlineData(Governance, 5, Compliance, 4, true, RetentionOutcome.Set)]
    [InlineData(Governance, 5, null, 0, false, RetentionOutcome.Held)]
    [InlineData(Governance, 5, null, 0, true, RetentionOutcome.Set)]
    [InlineData(Governance, -1, Compliance, 1, false, RetentionOutcome.Set)]
    [InlineData(Governance, -1, null, 0, false, RetentionOutcome.Set)]
    [InlineData(Compliance, 5, Compliance, 6, false, RetentionOutcome.Set)]
    [InlineData(Compliance, 5, Compliance, 4, true, RetentionOutcome.Held)]
    [InlineData(Compliance, 5, Governance, 6, true, RetentionOutcome.Held)]
    [InlineData(Compliance, 5, null, 0, true, RetentionOutcome.Held)]
    [InlineData(Compliance, -1, Governance, 1, false, RetentionOutcome.Set)]
    [InlineData(Compliance, -1, null, 0, false, RetentionOutcome.Set)]
    public async Task SetRetentionAsync_OverWhatWasSet_MakesItLongerAndLessOnlyAsItsModeAllows(
        RetentionMode? old, double oldDays, RetentionMode? mode, double days, bool bypasses, RetentionOutcome expected)
    {
        var version = await LockedRows.PutAsync(postgres, _bucket.Id, "a");
        await LockedRows.LockAsync(postgres, version, old, oldDays);
        var before = (await FindAsync(version, default))!.Attributes.Lock;
        var retention = mode is { } given ? new Retention(given, await LockedRows.InDaysAsync(postgres, days)) : null;

        Assert.Equal(expected, await _locks.SetRetentionAsync(version, retention, bypasses, default));

        var after = (await FindAsync(version, default))!.Attributes.Lock;
        Assert.Equal(expected == RetentionOutcome.Set ? retention : before?.Retention, after?.Retention);
    }

    [Fact]
    public async Task SetRetentionAsync_TheSameAgain_IsSet()
    {
        var version = await LockedRows.PutAsync(postgres, _bucket.Id, "a");
        var retention = new Retention(Compliance, await LockedRows.InDaysAsync(postgres, 3));

        Assert.Equal(RetentionOutcome.Set, await _locks.SetRetentionAsync(version, retention, false, default));
        Assert.Equal(RetentionOutcome.Set, await _locks.SetRetentionAsync(version, retention, false, default));
    }

    [Fact]
    public async Task Markers_and_deleted_versions_cannot_be_locked()
    {
        var marker = await LockedRows.PutAsync(postgres, _bucket.Id, "a", isMarker: true);
        var gone = VersionId.New(TimeProvider.System);
        var retention = new Retention(Governance, await LockedRows.InDaysAsync(postgres, 1));

        foreach (var version in new[] { marker, gone })
        {
            Assert.Equal(RetentionOutcome.NotFound, await _locks.SetRetentionAsync(version, retention, true, default));
            Assert.False(await _locks.SetLegalHoldAsync(version, isOn: true, default));
        }
    }

    [Theory]
    [InlineData(null, 0, null, false, false)]
    [InlineData(null, 0, false, false, false)]
    [InlineData(null, 0, true, false, true)]
    [InlineData(null, 0, true, true, true)]
    [InlineData(Governance, 1, null, false, true)]
    [InlineData(Governance, 1, null, true, false)]
    [InlineData(Governance, 1, true, true, true)]
    [InlineData(Governance, -1, null, false, false)]
    [InlineData(Governance, -1, true, true, true)]
    [InlineData(Compliance, 1, null, false, true)]
    [InlineData(Compliance, 1, false, true, true)]
    [InlineData(Compliance, -1, null, false, false)]
    public async Task A_version_is_deleted_alone_and_among_many_only_when_nothing_holds_it(
        RetentionMode? mode, double days, bool? hold, bool bypasses, bool isHeld)
    {
        var alone = await LockedRows.PutAsync(postgres, _bucket.Id, "a");
        var among = await LockedRows.PutAsync(postgres, _bucket.Id, "b");
        var other = await LockedRows.PutAsync(postgres, _bucket.Id, "c");
        await LockedRows.LockAsync(postgres, alone, mode, days, hold);
        await LockedRows.LockAsync(postgres, among, mode, days, hold);
        var conditions = DeletionConditions.None with { BypassesGovernance = bypasses };

        var deletion = await _objects.DeleteVersionAsync(_bucket.Id, "a", alone, conditions, default);
        var many = await _objects.DeleteManyAsync(
            _bucket.Id, [new("b") { Version = among, Conditions = conditions }, new("c") { Version = other }], "alice", default);

        Assert.Equal(isHeld ? ObjectWriteOutcome.Locked : ObjectWriteOutcome.Written, deletion.Outcome);
        Assert.Equal([isHeld, false], many!.Select(entry => entry.Outcome == ObjectWriteOutcome.Locked));
        Assert.Equal(isHeld ? 1 : 0, await LockedRows.CountAsync(postgres, alone));
        Assert.Equal(isHeld ? 1 : 0, await LockedRows.CountAsync(postgres, among));
        Assert.Equal(0, await LockedRows.CountAsync(postgres, other));
    }

    [Fact]
    public async Task A_locked_version_called_null_from_before_the_lock_stays_too()
    {
        var bucket = await ListingRows.CreateBucketAsync(postgres);
        var version = await ListingRows.AddVersionAsync(postgres, bucket.Id, "a", isNull: true);
        await _buckets.SetVersioningAsync(bucket.Id, BucketVersioning.Enabled, default);
        Assert.True(await _buckets.SetObjectLockAsync(bucket.Id, new(Default: null), default));
        Assert.True(await _locks.SetLegalHoldAsync(version, isOn: true, default));

        Assert.Equal(
            ObjectWriteOutcome.Locked,
            (await _objects.DeleteVersionAsync(bucket.Id, "a", version: null, DeletionConditions.None, default)).Outcome);
        Assert.Equal(
            ObjectWriteOutcome.Locked,
            Assert.Single((await _objects.DeleteManyAsync(bucket.Id, [new("a") { IsNullVersion = true }], "alice", default))!).Outcome);
        Assert.Equal(1, await LockedRows.CountAsync(postgres, version));
    }

    [Fact]
    public async Task A_plain_deletion_hides_a_locked_version_and_its_marker_is_not_locked()
    {
        var bucket = await LockedRows.CreateBucketAsync(postgres, new(Compliance, Days: 1, Years: null));
        var version = await LockedRows.PutAsync(postgres, bucket.Id, "a");

        var hidden = await _objects.DeleteAsync(bucket.Id, "a", "alice", DeletionConditions.None, default);
        var marker = await _objects.FindAsync(bucket.Id, "a", default);
        var again = Assert.Single((await _objects.DeleteManyAsync(bucket.Id, [new("a")], "alice", default))!);

        Assert.Equal((hidden.Marker!.Id, true), (marker!.Id, marker.IsDeleteMarker));
        Assert.Null(marker.Attributes.Lock);
        Assert.Equal(ObjectWriteOutcome.Written, again.Outcome);
        Assert.Equal(
            ObjectWriteOutcome.Written,
            (await _objects.DeleteVersionAsync(bucket.Id, "a", hidden.Marker.Id, DeletionConditions.None, default)).Outcome);
        Assert.Equal(1, await LockedRows.CountAsync(postgres, version));
        Assert.Equal(BucketDeletion.NotEmpty, await _buckets.DeleteAsync(bucket.Id, default));
    }

    [Theory]
    [InlineData(null, true)]
    [InlineData("*", false)]
    public async Task A_key_without_versions_gets_a_marker_only_without_a_condition_even_with_bypass(string? etag, bool isMade)
    {
        var conditions = DeletionConditions.None with { ETag = etag, BypassesGovernance = true };

        var alone = await _objects.DeleteAsync(_bucket.Id, "a", "alice", conditions, default);
        var among = Assert.Single((await _objects.DeleteManyAsync(_bucket.Id, [new("b") { Conditions = conditions }], "alice", default))!);

        Assert.Equal((isMade, isMade), (alone.Marker is not null, among.Marker is not null));
        Assert.Equal(isMade ? 2 : 0, await postgres.ScalarAsync<long>("SELECT count(*) FROM objects"));
    }

    [Fact]
    public async Task No_statement_deletes_or_unlocks_a_locked_version()
    {
        var kept = await LockedRows.PutAsync(postgres, _bucket.Id, "a");
        var held = await LockedRows.PutAsync(postgres, _bucket.Id, "b");
        await LockedRows.LockAsync(postgres, kept, Compliance, days: 2);
        await LockedRows.LockAsync(postgres, held, Governance, days: -1, hold: true);

        foreach (var sql in new[]
        {
            "DELETE FROM objects WHERE version_id = $1",
            "SELECT remove_versions(ARRAY[$1])",
            "UPDATE objects SET retain_until = now() + interval '1 day' WHERE version_id = $1",
            "UPDATE objects SET lock_mode = 'GOVERNANCE' WHERE version_id = $1",
            "UPDATE objects SET lock_mode = NULL, retain_until = NULL WHERE version_id = $1",
        })
        {
            var refused = await Assert.ThrowsAsync<PostgresException>(() => postgres.ExecuteAsync(sql, kept.Value));
            Assert.Equal(PostgresErrorCodes.IntegrityConstraintViolation, refused.SqlState);
        }

        await Assert.ThrowsAsync<PostgresException>(() => postgres.ExecuteAsync("DELETE FROM objects WHERE version_id = $1", held.Value));
        await postgres.ExecuteAsync("UPDATE objects SET retain_until = retain_until + interval '1 day' WHERE version_id = $1", kept.Value);
        Assert.Equal(2, await postgres.ScalarAsync<long>("SELECT count(*) FROM objects"));
    }

    [Theory]
    [InlineData(3, null, "3 days")]
    [InlineData(null, 2, "2 years")]
    public async Task A_version_whose_writer_says_nothing_is_kept_by_the_buckets_default(int? days, int? years, string period)
    {
        var bucket = await LockedRows.CreateBucketAsync(postgres, new(Governance, days, years));
        var version = await LockedRows.PutAsync(postgres, bucket.Id, "a");

        Assert.Equal(Governance, (await FindAsync(version, default))!.Attributes.Lock!.Retention!.Mode);
        Assert.True(await postgres.ScalarAsync<bool>(
            """
            SELECT retain_until > modified_at + $2::interval AND retain_until <= modified_at + $2::interval + interval '1 millisecond'
                AND retain_until = date_trunc('milliseconds', retain_until)
            FROM objects WHERE version_id = $1
            """,
            version.Value,
            period));
    }

    [Fact]
    public async Task A_writers_lock_overrides_the_buckets_default()
    {
        var bucket = await LockedRows.CreateBucketAsync(postgres, new(Compliance, Days: null, Years: 100));
        var given = new ObjectLock(new(Governance, await LockedRows.InDaysAsync(postgres, 1)), LegalHold: null);

        var own = await LockedRows.PutAsync(postgres, bucket.Id, "a", given);
        var held = await LockedRows.PutAsync(postgres, bucket.Id, "b", new(Retention: null, LegalHold: true));
        Assert.Equal(given, (await FindAsync(own, default))!.Attributes.Lock);
        var both = (await FindAsync(held, default))!.Attributes.Lock!;
        Assert.Equal((true, Compliance), (both.LegalHold, both.Retention!.Mode));

        Assert.True(await _buckets.SetObjectLockAsync(bucket.Id, new(Default: null), default));
        var free = await LockedRows.PutAsync(postgres, bucket.Id, "c");
        Assert.Null((await FindAsync(free, default))!.Attributes.Lock);
    }

    [Fact]
    public async Task Object_lock_needs_versions_and_keeps_them()
    {
        var bucket = await ListingRows.CreateBucketAsync(postgres);
        foreach (var versioning in new[] { BucketVersioning.Off, BucketVersioning.Suspended })
        {
            await _buckets.SetVersioningAsync(bucket.Id, versioning, default);
            Assert.False(await _buckets.SetObjectLockAsync(bucket.Id, new(Default: null), default));
        }

        Assert.True(await _buckets.SetVersioningAsync(bucket.Id, BucketVersioning.Enabled, default));
        Assert.True(await _buckets.SetObjectLockAsync(bucket.Id, new(Default: null), default));
        Assert.False(await _buckets.SetVersioningAsync(bucket.Id, BucketVersioning.Suspended, default));
        Assert.True(await _buckets.SetVersioningAsync(bucket.Id, BucketVersioning.Enabled, default));
        Assert.Equal(BucketVersioning.Enabled, (await _buckets.FindAsync(bucket.Name, default))!.Versioning);
    }

    [Fact]
    public async Task ListAsync_ShowsWhatIsHeldNowPageByPage()
    {
        var expected = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            var version = await LockedRows.PutAsync(postgres, _bucket.Id, $"k{i}");
            await LockedRows.LockAsync(postgres, version, i == 3 ? null : Governance, i == 1 ? -1 : 1, hold: i == 2);
            if (i is not (1 or 3))
            {
                expected.Add($"k{i}");
            }
        }

        var other = await LockedRows.CreateBucketAsync(postgres);
        await LockedRows.LockAsync(postgres, await LockedRows.PutAsync(postgres, other.Id, "other"), Compliance);

        var listed = new List<string>();
        IReadOnlyList<LockedVersion> page = [];
        do
        {
            page = await _locks.ListAsync(_bucket.Id, page.Count == 0 ? null : page[^1].Id, limit: 2, default);
            listed.AddRange(page.Select(version => version.Key));
        }
        while (page.Count == 2);

        Assert.Equal(expected, listed);
    }

    private async Task<ObjectVersion?> FindAsync(VersionId version, CancellationToken cancellationToken)
    {
        await using var connection = await postgres.Database.OpenConnectionAsync(cancellationToken);
        return await VersionStatements.FindAsync(connection, version, cancellationToken);
    }
}
