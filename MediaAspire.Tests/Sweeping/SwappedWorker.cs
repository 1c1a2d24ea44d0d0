using System.IO.Pipelines;
using MediaAspire.Core.Cluster;
using MediaAspire.Core.Copies;
using MediaAspire.Core.Files;
using MediaAspire.Core.Ids;
using MediaAspire.Tests.Harness;
using MediaAspire.Worker.Duties;
using MediaAspire.Worker.Sweeping;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace MediaAspire.Tests.Sweeping;

/// <summary>A worker and a writer of files without grace periods: duties remove superfluous chunks at once.</summary>
internal sealed class SwappedWorker : IDisposable
{
    public const int Chunks = 6;

    private readonly IHost _host;

    public SwappedWorker(NpgsqlDataSource database)
    {
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Cluster:Token"] = TestNode.Token,
            ["Chunks:Count"] = $"{Chunks}",
            ["Chunks:MinSize"] = "1",
            ["Sweeping:UnfinishedGrace"] = "00:00:00",
            ["Sweeping:DeletedFilesGrace"] = "00:00:00",
            ["Sweeping:RemovalGrace"] = "00:00:00",
            ["Sweeping:OrphanGrace"] = "00:00:00",
            ["Sweeping:MaxOrphanShare"] = "1",
        });
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(database);
        builder.AddCluster();
        builder.AddFileStore();
        builder.AddCopyFaultReports();
        builder.AddDuties();
        builder.AddSweeping();
        _host = builder.Build();
    }

    public T Get<T>()
        where T : notnull => _host.Services.GetRequiredService<T>();

    public void Dispose() => _host.Dispose();

    public async Task RunDutiesAsync()
    {
        await RunAsync<SessionsDuty>();
        await RunAsync<DeletedFilesDuty>();
        await RunAsync<OrphansDuty>();
        await RunAsync<RemovalDuty>();
    }

    public Task RunAsync<TDuty>()
        where TDuty : IDuty => Get<TDuty>().RunAsync(CancellationToken.None);

    public async Task<FileId> StoreAsync(byte[] bytes)
    {
        await Get<ClusterView>().RefreshAsync(default);
        using var body = new MemoryStream(bytes);
        await using var upload = await Get<FileWriter>().BeginAsync(new NewFile("a.bin", "a/b") { Length = bytes.Length }, default);
        await upload.WriteAsync(body, long.MaxValue, default);
        return (await upload.CommitAsync(default)).Id;
    }

    public async Task<byte[]> ReadAsync(FileId id)
    {
        await Get<ClusterView>().RefreshAsync(default);
        var file = await Get<FileCatalog>().FindAsync(id, default);
        Assert.NotNull(file);
        using var bytes = new MemoryStream();
        await using var range = await Get<FileReader>().OpenAsync(file, 0, file.Size, default);
        var writer = PipeWriter.Create(bytes);
        await range.SendAsync(writer, default);
        await writer.CompleteAsync();
        return bytes.ToArray();
    }
}
