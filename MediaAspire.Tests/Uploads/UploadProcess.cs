using System.IO.Pipelines;
using MediaAspire.Core.Chunks;
using MediaAspire.Core.Database;
using MediaAspire.Core.Files;
using MediaAspire.Core.Ids;
using MediaAspire.Core.Imaging;
using MediaAspire.Core.Jobs;
using MediaAspire.Core.Media.Postgres;
using MediaAspire.Core.Media.Uploads;
using MediaAspire.Core.ObjectStore;
using MediaAspire.Core.Objects;
using MediaAspire.Core.Uploads;
using MediaAspire.Tests.Harness;
using MediaAspire.Tests.Media.Uploads;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Npgsql;

namespace MediaAspire.Tests.Uploads;

/// <summary>The resumable uploads of one process, over a cluster and a database that several share.</summary>
internal sealed class UploadProcess : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    private readonly TemporaryDirectory _scratch;

    private UploadProcess(ServiceProvider services, TemporaryDirectory scratch) => (_services, _scratch) = (services, scratch);

    public UploadSessions Sessions => Get<UploadSessions>();

    public UploadCompleter Completer => Get<UploadCompleter>();

    public static async Task<UploadProcess> StartAsync(
        TestCluster cluster, NpgsqlDataSource database, params (string Key, string Value)[] settings)
    {
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ConnectionStrings:s3"] = "Endpoint=http://127.0.0.1:1;AccessKey=none;SecretKey=none;Bucket=none",
            ["Uploads:Sessions:PieceBytes"] = "131072",
            ["Uploads:Sessions:SmallPieceBytes"] = "0",
        });
        builder.Configuration.AddInMemoryCollection(
            settings.Select(setting => KeyValuePair.Create<string, string?>($"Uploads:Sessions:{setting.Key}", setting.Value)));
        builder.Services.AddSingleton(database);
        builder.Services.AddSingleton(cluster.View);
        builder.Services.AddSingleton(cluster.Clients);
        builder.Services.AddSingleton<ICopyFaults>(cluster.Faults);
        builder.Services.AddSingleton(Options.Create(new ChunkOptions()));
        builder.Services.AddSingleton(Caches.None());
        builder.Services.AddSingleton<IObjectStore>(new FakeObjectStore());
        builder.AddFileStore();
        builder.AddObjects();
        builder.AddJobQueue();
        builder.AddMediaStore();
        builder.AddMediaUploads();
        var scratch = new TemporaryDirectory();
        builder.Services.AddSingleton(new ScratchDirectory(scratch.Path));
        builder.Services.AddSingleton<MediaPartResults>();
        builder.AddUploadSessions();
        var services = builder.Services.BuildServiceProvider();
        await services.GetRequiredService<DatabaseListener>().StartAsync(CancellationToken.None);
        services.GetRequiredService<UploadSessions>();
        return new(services, scratch);
    }

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    public Task<UploadSession> CreateAsync(long? length, Func<NewUploadSession, NewUploadSession>? change = null)
    {
        var upload = new NewUploadSession(new FileTarget("film.bin", "video/mp4"), "key") { Length = length };
        return Sessions.CreateAsync(change is null ? upload : change(upload), CancellationToken.None);
    }

    public Task<AppendResult> AppendAsync(UploadSessionId id, long offset, ReadOnlyMemory<byte> bytes, AppendOptions? options = null) =>
        Sessions.AppendAsync(id, offset, new MemoryStream(bytes.ToArray()), options ?? new(), CancellationToken.None);

    public async Task<UploadSession> FindAsync(UploadSessionId id)
    {
        var session = await Sessions.FindAsync(id, CancellationToken.None);
        Assert.NotNull(session);
        return session;
    }

    /// <summary>Runs the jobs of completions that wait in the queue.</summary>
    public async Task<int> RunJobsAsync()
    {
        var ran = 0;
        await using var command = Get<NpgsqlDataSource>().CreateCommand(
            "DELETE FROM jobs WHERE kind = 'upload-complete' RETURNING payload ->> 'UploadId'");
        var ids = new List<Guid>();
        await using (var reader = await command.ExecuteReaderAsync())
        {
            while (await reader.ReadAsync())
            {
                ids.Add(Guid.Parse(reader.GetString(0)));
            }
        }

        foreach (var id in ids)
        {
            await Completer.FinishAsync(new(id), CancellationToken.None);
            ran++;
        }

        return ran;
    }

    /// <summary>Reads the file that an upload has become.</summary>
    public async Task<byte[]> ReadFileAsync(UploadSession session)
    {
        var file = await Get<FileCatalog>().FindAsync(Assert.IsType<FileResult>(session.Result).File, CancellationToken.None);
        Assert.NotNull(file);
        return await ReadAsync(file);
    }

    public async Task<byte[]> ReadAsync(StoredFile file)
    {
        using var bytes = new MemoryStream();
        await using var range = await Get<FileReader>().OpenAsync(file, 0, file.Size, CancellationToken.None);
        var writer = PipeWriter.Create(bytes);
        await range.SendAsync(writer, CancellationToken.None);
        await writer.CompleteAsync();
        return bytes.ToArray();
    }

    public async ValueTask DisposeAsync()
    {
        await Get<DatabaseListener>().StopAsync(CancellationToken.None);
        await _services.DisposeAsync();
        _scratch.Dispose();
    }
}
