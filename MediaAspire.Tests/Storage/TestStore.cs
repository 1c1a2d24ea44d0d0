using System.Security.Cryptography;
using MediaAspire.Core.Checksums;
using MediaAspire.Core.Cluster;
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
    private readonly StorageOptions _options;
    private readonly TimeProvider _time;

    /// <param name="reserve">Free bytes that chunks may not use.</param>
    /// <param name="capacity">The maximum number of bytes of chunk files.</param>
    /// <param name="retention">The time that chunks stay in the trash; 7 days by default.</param>
    /// <param name="yields">False to refuse chunks rather than empty the trash.</param>
    /// <param name="time">The clock of the trash.</param>
    public TestStore(
        long reserve = 0, long? capacity = null, TimeSpan? retention = null, bool yields = true, TimeProvider? time = null)
    {
        _options = new StorageOptions
        {
            DataDirectory = _directory.Path,
            ReserveSpaceBytes = reserve,
            CapacityBytes = capacity,
            TrashRetention = retention ?? TimeSpan.FromDays(7),
            TrashYields = yields,
        };
        _time = time ?? TimeProvider.System;
        Store = Open();
    }

    /// <summary>The mark of the database that <see cref="Fence"/> has seen.</summary>
    public static HeartbeatMark Mark { get; } = new(Epoch: 1, Count: 10);

    public ChunkStore Store { get; private set; }

    /// <summary>Gets the fence of the open store, which has just seen <see cref="Mark"/>.</summary>
    public DeletionFence Fence { get; private set; } = null!;

    public string Trash => Path.Combine(_directory.Path, "trash");

    /// <summary>The files in the trash.</summary>
    public string[] Trashed => Directory.GetFiles(Trash, "*.chunk", SearchOption.AllDirectories);

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
        Fence = new DeletionFence(_time);
        Fence.Confirm(Mark, isRestoreOpen: false);
        var store = new ChunkStore(
            Options.Create(_options), Fence, _services.GetRequiredService<StorageMetrics>(), _time, NullLogger<ChunkStore>.Instance);
        store.Open();
        return store;
    }
}
