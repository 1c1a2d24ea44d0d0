using System.Collections.Concurrent;
using MediaAspire.Core.Chunks;
using MediaAspire.Core.Ids;

namespace MediaAspire.Tests.Harness;

/// <summary>Records the faults that readers report.</summary>
internal sealed class RecordedFaults : ICopyFaults
{
    private readonly ConcurrentQueue<(ChunkId Chunk, ServerId Server)> _reports = new();

    public IReadOnlyCollection<(ChunkId Chunk, ServerId Server)> Reports => _reports;

    public void Report(ChunkId chunk, ServerId server) => _reports.Enqueue((chunk, server));
}

/// <summary>A locator with one fixed response that counts its calls.</summary>
internal sealed class FixedLocator(IReadOnlyList<ServerId> stored, IReadOnlyList<ServerId> corrupt) : IChunkLocator
{
    private int _calls;

    public int Calls => _calls;

    public Task<LocatedCopies> LocateAsync(ChunkId chunk, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _calls);
        return Task.FromResult(new LocatedCopies(stored, corrupt));
    }
}
