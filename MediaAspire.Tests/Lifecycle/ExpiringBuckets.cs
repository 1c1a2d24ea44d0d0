using MediaAspire.Core.Buckets;
using MediaAspire.Core.Ids;
using MediaAspire.Core.Lifecycle;
using MediaAspire.Core.Multipart;
using MediaAspire.Core.Objects;
using MediaAspire.Tests.Harness;
using MediaAspire.Worker.Duties;
using MediaAspire.Worker.Lifecycle;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace MediaAspire.Tests.Lifecycle;

/// <summary>Buckets in a real database with objects of any age, and the duty that expires them.</summary>
internal sealed class ExpiringBuckets : IDisposable
{
    private readonly IHost _host;
    private readonly PostgresFixture _postgres;

    private ExpiringBuckets(PostgresFixture postgres, IHost host)
    {
        _postgres = postgres;
        _host = host;
    }

    public static async Task<ExpiringBuckets> StartAsync(PostgresFixture postgres, params (string Key, string Value)[] settings)
    {
        await postgres.ClearAsync("files", "buckets");

        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Configuration.AddInMemoryCollection(
            settings.Select(setting => KeyValuePair.Create<string, string?>($"Lifecycle:{setting.Key}", setting.Value)));
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(postgres.Database);
        builder.AddObjects();
        builder.AddDuties();
        builder.AddLifecycle();
        return new(postgres, builder.Build());
    }

    public T Get<T>()
        where T : notnull => _host.Services.GetRequiredService<T>();

    public Task<long> RunAsync() => Get<LifecycleDuty>().RunAsync(CancellationToken.None);

    public async Task<BucketId> CreateAsync(string name, BucketVersioning versioning, params LifecycleRule[] rules)
    {
        var bucket = await Get<BucketCatalog>().TryCreateAsync(
            name, "alice", "us-east-1", new Dictionary<BucketDocument, string>(), default);
        await Get<BucketCatalog>().SetVersioningAsync(bucket!.Id, versioning, default);
        await SetRulesAsync(bucket.Id, rules);
        return bucket.Id;
    }

    public Task SetRulesAsync(BucketId bucket, params LifecycleRule[] rules) => Get<BucketCatalog>().SetDocumentAsync(
        bucket, BucketDocument.Lifecycle, rules.Length == 0 ? null : new LifecycleConfiguration(rules).ToJson(), default);

    /// <summary>Puts an object of one file, dated back by a number of days.</summary>
    public async Task<VersionId> PutAsync(BucketId bucket, string key, double age, long size = 10, params (string Key, string Value)[] tags)
    {
        var file = FileId.New(TimeProvider.System);
        await _postgres.ExecuteAsync(
            """
            INSERT INTO files (file_id, filename, content_type, total_size, checksum, upload_status, copies, completed_at, holders)
            VALUES ($1, '', '', $2, sha256(''), 'completed', 1, now(), 1)
            """,
            file.Value,
            size);
        var attributes = new ObjectAttributes("alice", "text/plain") { Tags = tags.ToDictionary(tag => tag.Key, tag => tag.Value) };
        var version = new NewVersion(VersionId.New(TimeProvider.System), key, attributes, size, "etag") { File = file };
        return await WriteAsync(version.Id, VersionStatements.Write(bucket, version, ObjectConditions.None), age);
    }

    /// <summary>Adds a delete marker, dated back by a number of days.</summary>
    public Task<VersionId> HideAsync(BucketId bucket, string key, double age)
    {
        var marker = VersionId.New(TimeProvider.System);
        return WriteAsync(marker, VersionStatements.WriteMarker(bucket, key, marker, "alice"), age);
    }

    public async Task<UploadId> BeginUploadAsync(BucketId bucket, string key, double age)
    {
        var upload = await Get<MultipartCatalog>().BeginAsync(bucket, key, new ObjectAttributes("alice", ""), "alice", default);
        await _postgres.ExecuteAsync(
            "UPDATE multipart_uploads SET initiated_at = now() - $2 WHERE upload_id = $1", upload!.Value.Value, TimeSpan.FromDays(age));
        return upload.Value;
    }

    /// <summary>
    /// Lists the remaining versions of a bucket, such as "a -b b*": an asterisk for noncurrent versions, a dash before delete markers.
    /// </summary>
    public async Task<string> LeftAsync(BucketId bucket) => await _postgres.ScalarAsync<string>(
        """
        SELECT coalesce(string_agg(
            CASE WHEN is_delete_marker THEN '-' ELSE '' END || key || CASE WHEN is_latest THEN '' ELSE '*' END,
            ' ' ORDER BY key, position DESC), '')
        FROM objects WHERE bucket_id = $1
        """,
        bucket.Value) ?? "";

    /// <summary>Runs the duty, changes rows before it gets the locks of the keys, and lists the remaining versions.</summary>
    public async Task<string> RaceAsync(BucketId bucket, string change)
    {
        await using var connection = await _postgres.Database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using (var hold = new NpgsqlCommand($"SELECT lock_object('{bucket.Value}', 'a')", connection, transaction))
        {
            await hold.ExecuteNonQueryAsync();
        }

        var run = RunAsync();
        await Until.TrueAsync("the duty waits for the key", async () => await _postgres.CountWaitingAsync() > 0);
        await using (var command = new NpgsqlCommand(change, connection, transaction))
        {
            await command.ExecuteNonQueryAsync();
        }

        await transaction.CommitAsync();
        Assert.Equal(0, await run);
        return await LeftAsync(bucket);
    }

    public Task<long> FilesAsync(string status) =>
        _postgres.ScalarAsync<long>("SELECT count(*) FROM files WHERE upload_status = $1", status);

    public void Dispose() => _host.Dispose();

    private async Task<VersionId> WriteAsync(VersionId version, NpgsqlBatchCommand write, double age)
    {
        await using var connection = await _postgres.Database.OpenConnectionAsync();
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(write);
        batch.BatchCommands.Add(new("UPDATE objects SET modified_at = now() - $2 WHERE version_id = $1")
        {
            Parameters = { new() { Value = version.Value }, new() { Value = TimeSpan.FromDays(age) } },
        });
        await batch.ExecuteNonQueryAsync();
        Assert.Equal(1, batch.BatchCommands[1].RecordsAffected);
        return version;
    }
}
