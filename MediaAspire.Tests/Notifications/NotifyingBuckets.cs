using MediaAspire.Core.Buckets;
using MediaAspire.Core.Ids;
using MediaAspire.Core.Notifications;
using MediaAspire.Core.Objects;
using MediaAspire.Tests.Harness;
using Npgsql;

namespace MediaAspire.Tests.Notifications;

/// <summary>Buckets in a real database that tell targets of their objects, which have no bytes.</summary>
internal sealed class NotifyingBuckets(PostgresFixture postgres)
{
    public const string Target = "first";

    public BucketCatalog Buckets { get; } = new(postgres.Database, TimeProvider.System);

    public ObjectCatalog Objects { get; } = new(postgres.Database, TimeProvider.System);

    public NotificationOutbox Outbox { get; } = new(postgres.Database);

    public NotificationQueries Queries { get; } = new(postgres.Database);

    public Task ClearAsync() => postgres.ClearAsync("files", "buckets", "notification_events", "notification_targets");

    public static NotificationRule Rule(
        string target = Target, string prefix = "", string suffix = "", params string[] events) =>
        new(
            target + "-rule" + prefix + suffix + string.Concat(events), target, events.Length == 0 ? [.. s_groups] : events, prefix,
            suffix);

    private static readonly string[] s_groups = ["s3:ObjectCreated:*", "s3:ObjectRemoved:*", "s3:LifecycleExpiration:*"];

    /// <summary>Creates a bucket; without rules it tells nobody.</summary>
    public async Task<BucketId> CreateAsync(string name, BucketVersioning versioning, params NotificationRule[] rules)
    {
        var bucket = await Buckets.TryCreateAsync(name, "alice", "us-east-1", new Dictionary<BucketDocument, string>(), default);
        await Buckets.SetVersioningAsync(bucket!.Id, versioning, default);
        await SetRulesAsync(bucket.Id, rules);
        return bucket.Id;
    }

    public Task SetRulesAsync(BucketId bucket, params NotificationRule[] rules) => Buckets.SetDocumentAsync(
        bucket, BucketDocument.Notifications, rules.Length == 0 ? null : new NotificationConfiguration(rules).ToJson(), default);

    /// <summary>Makes the statement that puts an object.</summary>
    public static NpgsqlBatchCommand Put(BucketId bucket, string key, VersionOrigin origin = VersionOrigin.Put, long size = 10) =>
        VersionStatements.RequireWritten(
            bucket,
            seen: null,
            new(VersionId.New(TimeProvider.System), key, new("alice", "text/plain"), size, "etag-" + key) { Origin = origin },
            ObjectConditions.None);

    public async Task PutAsync(BucketId bucket, string key, VersionOrigin origin = VersionOrigin.Put)
    {
        await using var batch = postgres.Database.CreateBatch();
        batch.BatchCommands.Add(Put(bucket, key, origin));
        await batch.ExecuteNonQueryAsync();
    }

    /// <summary>Lists the events of a target, such as <c>ObjectCreated:Put a</c>, in the order of their sequence numbers.</summary>
    public async Task<string[]> EventsAsync(string target = Target) => await postgres.ScalarAsync<string[]>(
        "SELECT array(SELECT substr(event, 4) || ' ' || key FROM notification_events WHERE target = $1 ORDER BY sequence)", target) ?? [];

    public async Task<long> CountAsync(string state, string target = Target) => await postgres.ScalarAsync<long>(
        "SELECT count(*) FROM notification_events WHERE target = $1 AND state = $2", target, state);
}
