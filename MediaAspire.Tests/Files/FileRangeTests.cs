using System.IO.Pipelines;
using MediaAspire.Core.Checksums;
using MediaAspire.Core.Chunks;
using MediaAspire.Core.Files;
using MediaAspire.Core.Ids;
using MediaAspire.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;

namespace MediaAspire.Tests.Files;

public sealed class FileRangeTests : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly List<BlockRun> _runs = [];

    public void Dispose() => _services.Dispose();

    [Fact]
    public async Task Dispose_NothingSent_ReleasesTheRunThatWasReadAhead()
    {
        var range = await PrimeAsync();
        Assert.NotEmpty(_runs);

        await range.DisposeAsync();

        AssertAllReleased();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(5)]
    public async Task Send_ClientLeavesAfterSomeRuns_ReleasesEveryRun(int runs)
    {
        var range = await PrimeAsync();

        await Assert.ThrowsAsync<IOException>(() => range.SendAsync(new LeavingClient(runs), default));
        await range.DisposeAsync();

        Assert.False(range.IsSent);
        AssertAllReleased();
    }

    [Fact]
    public async Task Send_AChunkIsUnavailable_NamesItsNumber()
    {
        var range = await PrimeAsync(unavailable: 1);

        var failure = await Assert.ThrowsAsync<FileUnavailableException>(() =>
            range.SendAsync(PipeWriter.Create(new MemoryStream()), default));
        await range.DisposeAsync();

        Assert.Equal(1, failure.ChunkNumber);
        Assert.Contains("Chunk 1 ", failure.Message, StringComparison.Ordinal);
        AssertAllReleased();
    }

    private async Task<FileRange> PrimeAsync(int unavailable = -1)
    {
        var slices = Enumerable.Range(0, 3).Select(number => new ChunkSlice(
            new StoredChunk(ChunkId.New(TimeProvider.System), number, number * 300_000, 300_000, Sha256Digest.OfNothing, []), 0, 300_000));
        var range = new FileRange(
            FileId.New(TimeProvider.System), slices, slice => ReadAsync(slice, unavailable).GetAsyncEnumerator(),
            prefetchDistance: 1_000_000, ActivatorUtilities.CreateInstance<FileMetrics>(_services));
        await range.PrimeAsync();
        return range;
    }

    private async IAsyncEnumerable<BlockRun> ReadAsync(ChunkSlice slice, int unavailable)
    {
        for (var at = 0; at < slice.Length; at += BlockFormat.BlockSize)
        {
            await Task.Yield();
            if (slice.Chunk.Number == unavailable)
            {
                throw new ChunkUnavailableException(slice.Chunk.Id, 2, innerException: null);
            }

            var run = Runs.Make(1, at, (int)Math.Min(BlockFormat.BlockSize, slice.Length - at));
            _runs.Add(run);
            yield return run;
        }
    }

    private void AssertAllReleased() => Assert.All(_runs, run => Assert.Throws<ObjectDisposedException>(() => run.Data));

    private sealed class LeavingClient(int runs) : PipeWriter
    {
        private readonly PipeWriter _inner = Create(new MemoryStream());
        private int _taken;

        public override ValueTask<FlushResult> WriteAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken = default) =>
            _taken++ == runs ? throw new IOException("The client has gone.") : _inner.WriteAsync(source, cancellationToken);

        public override void Advance(int bytes) => _inner.Advance(bytes);

        public override Memory<byte> GetMemory(int sizeHint = 0) => _inner.GetMemory(sizeHint);

        public override Span<byte> GetSpan(int sizeHint = 0) => _inner.GetSpan(sizeHint);

        public override void CancelPendingFlush() => _inner.CancelPendingFlush();

        public override void Complete(Exception? exception = null) => _inner.Complete(exception);

        public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) =>
            _inner.FlushAsync(cancellationToken);
    }
}
