using System.IO.Pipelines;
using MediaAspire.Core.Chunks;
using MediaAspire.Core.Cluster;
using MediaAspire.Core.Files;
using MediaAspire.Core.Ids;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Npgsql;

namespace MediaAspire.Tests.Harness;

/// <summary>Files on a test cluster and a real PostgreSQL that has only the cluster's servers.</summary>
internal sealed class TestFileStore : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private readonly NpgsqlDataSource _database;

    private TestFileStore(TestCluster cluster, NpgsqlDataSource database, ChunkOptions layout)
    {
        _database = database;
        Cluster = cluster;

        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Services.AddSingleton(database);
        builder.Services.AddSingleton(cluster.View);
        builder.Services.AddSingleton(cluster.Clients);
        builder.Services.AddSingleton<ICopyFaults>(cluster.Faults);
        builder.Services.AddSingleton(Options.Create(layout));

        // A damaged copy would be read from a cache.
        builder.Services.AddSingleton(Caches.None());
        builder.AddFileStore();
        _services = builder.Services.BuildServiceProvider();
    }

    public TestCluster Cluster { get; }

    public FileCatalog Catalog => _services.GetRequiredService<FileCatalog>();

    public FileWriter Writer => _services.GetRequiredService<FileWriter>();

    public FileReader Reader => _services.GetRequiredService<FileReader>();

    /// <summary>Empties the database and registers the cluster's servers.</summary>
    /// <param name="postgres">The tests' PostgreSQL.</param>
    /// <param name="cluster">The nodes.</param>
    /// <param name="layout">The layout of files.</param>
    /// <param name="database">The database of the store; the fixture's own by default.</param>
    public static async Task<TestFileStore> StartAsync(
        PostgresFixture postgres, TestCluster cluster, ChunkOptions? layout = null, NpgsqlDataSource? database = null)
    {
        await postgres.ClearAsync("storage_servers", "files", "scrubs");
        var store = new TestFileStore(cluster, database ?? postgres.Database, layout ?? new ChunkOptions());
        await store.RegisterAsync(postgres.Database);
        return store;
    }

    /// <summary>Registers the servers with their current addresses.</summary>
    public async Task RegisterAsync(NpgsqlDataSource database)
    {
        var registry = new NodeRegistry(database, Options.Create(new ClusterOptions()));
        foreach (var server in Cluster.Servers)
        {
            await registry.RegisterAsync(
                new NodeReport(server.Id, PostgresFixture.Cluster, server.Name, server.Address, server.AvailableBytes, 0, 0),
                CancellationToken.None);
        }
    }

    public async Task<StoredFileSummary> PutAsync(byte[] bytes)
    {
        await using var upload = await Writer.BeginAsync(new NewFile("a", "b/c") { Length = bytes.Length }, CancellationToken.None);
        await upload.WriteAsync(new MemoryStream(bytes), long.MaxValue, CancellationToken.None);
        return await upload.CommitAsync(CancellationToken.None);
    }

    public async Task<byte[]> GetAsync(FileId id)
    {
        var file = await Catalog.FindAsync(id, CancellationToken.None);
        Assert.NotNull(file);
        using var bytes = new MemoryStream();
        await using var range = await Reader.OpenAsync(file, 0, file.Size, CancellationToken.None);
        var writer = PipeWriter.Create(bytes);
        await range.SendAsync(writer, CancellationToken.None);
        await writer.CompleteAsync();
        return bytes.ToArray();
    }

    public async Task<long> CountAsync(string sql)
    {
        await using var command = _database.CreateCommand(sql);
        return Convert.ToInt64(await command.ExecuteScalarAsync(), System.Globalization.CultureInfo.InvariantCulture);
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
