using System.Security.Cryptography;
using MediaAspire.Core.Checksums;
using MediaAspire.Core.Ids;
using MediaAspire.Storage;
using MediaAspire.Storage.Chunks;
using MediaAspire.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace MediaAspire.Tests.Storage;

/// <summary>A chunk store on a real directory.</summary>
internal sealed class TestStore : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().AddSingleton<StorageMetrics>().BuildServiceProvider();
    private readonly TemporaryDirectory _directory = new();
    private readonly long _reserve;
    private readonly long? _capacity;

    public TestStore(long reserve = 0, long? capacity = null)
    {
        _reserve = reserve;
        _capacity = capacity;
        Store = Open();
    }

    public ChunkStore Store { get; private set; }

    public string Incoming => Path.Combine(_directory.Path, "incoming");

    /// <summary>The chunk files.</summary>
    public string[] Files => Directory.GetFiles(Path.Combine(_directory.Path, "chunks"), "*", SearchOption.AllDirectories);

    /// <summary>Reopens the directory, as the next process does.</summary>
    public void Reopen()
    {
        Store.Dispose();
        Store = Open();
    }

    public async Task<ChunkId> PutAsync(byte[] bytes, ChunkId? id = null, FileId? file = null)
    {
        var chunk = id ?? ChunkId.New(TimeProvider.System);
        using var write = Store.Begin(chunk, file ?? FileId.New(TimeProvider.System), bytes.Length);
        foreach (var run in Runs.Cut(bytes))
        {
            using (run)
            {
                await write.AppendAsync(run, CancellationToken.None);
            }
        }

        await write.SealAsync(bytes.Length, new Sha256Digest(SHA256.HashData(bytes)), CancellationToken.None);
        return chunk;
    }

    /// <summary>The blocks that cover a range.</summary>
    public async Task<byte[]> GetAsync(ChunkId chunk, long offset, long length)
    {
        using var bytes = new MemoryStream();
        await foreach (var run in Store.ReadAsync(chunk, offset, length, CancellationToken.None))
        {
            using (run)
            {
                bytes.Write(run.Data.Span);
            }
        }

        return bytes.ToArray();
    }

    public void Dispose()
    {
        Store.Dispose();
        _services.Dispose();
        _directory.Dispose();
    }

    private ChunkStore Open()
    {
        var options = Options.Create(
            new StorageOptions { DataDirectory = _directory.Path, ReserveSpaceBytes = _reserve, CapacityBytes = _capacity });
        var store = new ChunkStore(options, _services.GetRequiredService<StorageMetrics>(), NullLogger<ChunkStore>.Instance);
        store.Open();
        return store;
    }
}
