using System.Collections.Concurrent;
using System.IO.Pipelines;
using MediaAspire.Core.Chunks;
using MediaAspire.Core.Cluster;
using MediaAspire.Core.Files;
using MediaAspire.Core.Ids;
using MediaAspire.Core.Images;
using MediaAspire.Core.Images.Migration;
using MediaAspire.Core.Imaging;
using MediaAspire.Core.ObjectStore;
using MediaAspire.Tests.Harness;
using MediaAspire.Tests.Media.Uploads;
using MediaAspire.Worker.StoreMigration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace MediaAspire.Tests.Images.Migration;

/// <summary>Images in a real database and on real chunk nodes, an object store in memory, and migrations between the two.</summary>
internal sealed class MigrationHarness : IAsyncDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly ScratchDirectory _scratch;
    private readonly PostgresFixture _postgres;
    private readonly TestCluster _cluster;
    private readonly ServiceProvider _services;

    private MigrationHarness(PostgresFixture postgres, TestCluster cluster)
    {
        _postgres = postgres;
        _cluster = cluster;
        _scratch = new ScratchDirectory(Path.Combine(_directory.Path, "scratch"));
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(postgres.Database);
        builder.Services.AddSingleton(cluster.View);
        builder.Services.AddSingleton(cluster.Clients);
        builder.Services.AddSingleton<ICopyFaults>(cluster.Faults);
        builder.Services.AddSingleton(Options.Create(new ChunkOptions()));
        builder.Services.AddSingleton(Caches.None());
        builder.Services.AddSingleton<IObjectStore>(Objects);
        builder.Services.AddSingleton<DatabaseRestores>();
        builder.AddFileStore();
        builder.AddImageStore();
        builder.AddImageMigrations();
        _services = builder.Services.BuildServiceProvider();
    }

    public FakeObjectStore Objects { get; } = new();

    public ImageBlobs Blobs => _services.GetRequiredService<ImageBlobs>();

    public ImageMigrations Migrations => _services.GetRequiredService<ImageMigrations>();

    /// <summary>Gets the images that exist, and their bytes.</summary>
    public ConcurrentDictionary<Guid, (BlobId Blob, byte[] Bytes)> Images { get; } = new();

    public static async Task<MigrationHarness> StartAsync(PostgresFixture postgres, TestCluster cluster)
    {
        await postgres.ClearAsync(
            "storage_servers", "files", "scrubs", "images", "image_blobs", "image_migrations", "image_settings", "media_object_deletions");
        var harness = new MigrationHarness(postgres, cluster);
        var registry = new NodeRegistry(postgres.Database, Options.Create(new ClusterOptions()));
        foreach (var server in cluster.Servers)
        {
            await registry.RegisterAsync(
                new NodeReport(server.Id, PostgresFixture.Cluster, server.Name, server.Address, server.AvailableBytes, 0, 0),
                CancellationToken.None);
        }

        return harness;
    }

    /// <summary>Makes a duty as a new process has it.</summary>
    public StoreMigrationDuty CreateDuty(
        Func<MoveStep, CancellationToken, Task>? atStep = null, StoreMigrationOptions? options = null) => new(
        Migrations,
        new BlobMover(
            _postgres.Database,
            Blobs,
            _services.GetRequiredService<FileWriter>(),
            _services.GetRequiredService<ContentReader>(),
            Objects,
            _scratch)
        {
            AtStep = atStep,
        },
        _services.GetRequiredService<DatabaseRestores>(),
        ActivatorUtilities.CreateInstance<StoreMigrationMetrics>(_services),
        Options.Create(options ?? new StoreMigrationOptions { BytesPerSecond = 0 }),
        TimeProvider.System,
        Microsoft.Extensions.Logging.Abstractions.NullLogger<StoreMigrationDuty>.Instance);

    public Task<long> RunAsync() => CreateDuty().RunAsync(CancellationToken.None);

    /// <summary>Stores images of random bytes in the store of new blobs.</summary>
    public async Task AddAsync(int count, int seed, int size = 300)
    {
        await Parallel.ForEachAsync(Enumerable.Range(0, count), async (i, cancellationToken) =>
        {
            var bytes = TestBytes.Make(HashCode.Combine(seed, i), size + (i % 50));
            var path = Path.Combine(_directory.Path, $"{seed}-{i}");
            await File.WriteAllBytesAsync(path, bytes, cancellationToken);
            var id = Guid.CreateVersion7();
            await using var staged = await Blobs.StageAsync(path, "image/png", cancellationToken);
            File.Delete(path);
            var owner = new NpgsqlBatchCommand(
                "INSERT INTO images (image_id, sha256, size, format, blob_id, details) VALUES ($1, $2, $3, 'png', $4, '{}')");
            owner.Parameters.Add(new() { Value = id });
            owner.Parameters.Add(new() { Value = staged.Blob.Sha256.Bytes.ToArray() });
            owner.Parameters.Add(new() { Value = staged.Blob.Size });
            owner.Parameters.Add(new() { Value = staged.Blob.Id.Value });
            Assert.True(await staged.TryCommitAsync([owner], cancellationToken));
            Images[id] = (staged.Blob.Id, bytes);
        });
    }

    public async Task RemoveAsync(Guid image)
    {
        Images.TryRemove(image, out _);
        await ExecuteAsync("DELETE FROM images WHERE image_id = $1", image);
    }

    /// <summary>Reads an image as a request does: it looks the blob up, and reads it later.</summary>
    public async Task<byte[]?> ReadAsync(BlobId id)
    {
        if (await Blobs.FindAsync(id, CancellationToken.None) is not { } blob)
        {
            return null;
        }

        using var bytes = new MemoryStream();
        await using var range = await Blobs.OpenAsync(blob, 0, blob.Size, CancellationToken.None);
        var writer = PipeWriter.Create(bytes);
        await range.SendAsync(writer, CancellationToken.None);
        await writer.CompleteAsync();
        return bytes.ToArray();
    }

    public async Task<long> CountAsync(string sql)
    {
        await using var command = _postgres.Database.CreateCommand(sql);
        return Convert.ToInt64(await command.ExecuteScalarAsync(), System.Globalization.CultureInfo.InvariantCulture);
    }

    public async Task ExecuteAsync(string sql, params object[] parameters)
    {
        await using var command = _postgres.Database.CreateCommand(sql);
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(new() { Value = parameter });
        }

        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Deletes the objects that are scheduled for deletion, as the duty of the object store does.</summary>
    public async Task DeleteObjectsAsync()
    {
        await using var command = _postgres.Database.CreateCommand("SELECT object_key FROM media_object_deletions");
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            Objects.Remove(reader.GetString(0));
        }
    }

    /// <summary>Asserts that each image is in the target with its bytes, and that no other bytes are in any store.</summary>
    public async Task AssertAllInAsync(ImageStore target)
    {
        Assert.Equal(Images.Count, await CountAsync("SELECT count(*) FROM image_blobs"));
        Assert.Equal(0, await CountAsync(
            $"SELECT count(*) FROM image_blobs WHERE {(target == ImageStore.S3 ? "file_id" : "object_key")} IS NOT NULL"));
        Assert.Equal(0, await CountAsync("SELECT count(*) FROM image_blob_copies"));

        foreach (var (blob, bytes) in Images.Values)
        {
            Assert.Equal(bytes, await ReadAsync(blob));
        }

        // Uploads without a commit have a session that the sweep ends.
        Assert.Equal(0, await CountAsync(
            """
            SELECT count(*) FROM files f WHERE f.upload_status = 'completed'
            AND (f.holders <> 1 OR NOT EXISTS (SELECT FROM image_blobs b WHERE b.file_id = f.file_id))
            """));
        await DeleteObjectsAsync();
        Assert.Equal(target == ImageStore.S3 ? Images.Count : 0, Objects.Keys.Count);
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await _cluster.DisposeAsync();
        _scratch.Dispose();
        _directory.Dispose();
    }
}
