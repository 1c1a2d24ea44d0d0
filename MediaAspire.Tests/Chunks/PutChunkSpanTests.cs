using System.Collections.Concurrent;
using System.Diagnostics;
using System.Security.Cryptography;
using MediaAspire.Core.Checksums;
using MediaAspire.Core.Chunks;
using MediaAspire.Core.Ids;
using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Chunks;

/// <summary>The client's span of a put lasts as long as the put, not as long as the upload around it.</summary>
public sealed class PutChunkSpanTests : IDisposable
{
    private static readonly byte[] s_bytes = TestBytes.Make(1, 3_000_000);

    private readonly ConcurrentQueue<Activity> _stopped = [];
    private readonly ActivityListener _listener;
    private readonly Activity _upload;

    public PutChunkSpanTests()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "MediaAspire.Chunks",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = _stopped.Enqueue,
        };
        ActivitySource.AddActivityListener(_listener);
        _upload = new Activity("upload").Start();
    }

    private IEnumerable<Activity> Spans => _stopped.Where(span => span.TraceId == _upload.TraceId);

    [Fact]
    public async Task Span_OfASealedChunk_EndsWithTheSeal()
    {
        await using var cluster = await TestCluster.StartAsync(nodes: 2);
        using var writer = cluster.MakeWriter(ChunkId.New(TimeProvider.System), copies: 2);

        await WriteAsync(writer);
        Assert.Empty(Spans);
        await writer.SealAsync(s_bytes.Length, new Sha256Digest(SHA256.HashData(s_bytes)), CancellationToken.None);

        Assert.Equal(2, Spans.Count());
        Assert.All(Spans, span => Assert.Equal((_upload.SpanId, ActivityStatusCode.Ok), (span.ParentSpanId, span.Status)));
    }

    [Fact]
    public async Task Span_OfACopyThatFailed_EndsWithTheFailure()
    {
        await using var cluster = await TestCluster.StartAsync(nodes: 2);
        using var writer = cluster.MakeWriter(ChunkId.New(TimeProvider.System), copies: 2);
        using (var first = Runs.Make(0, s_bytes.AsSpan(0, BlockFormat.DefaultRunBytes)))
        {
            await writer.WriteAsync(first, CancellationToken.None);
        }

        await cluster.Nodes[1].AbortAsync();
        for (var offset = BlockFormat.DefaultRunBytes; !Spans.Any(); offset += BlockFormat.DefaultRunBytes)
        {
            // The bytes that the kernel accepts before it detects that the other side is gone.
            Assert.True(offset < 100 * BlockFormat.DefaultRunBytes, "The copy on a node that is gone does not fail.");
            using var next = Runs.Make(offset, s_bytes.AsSpan(0, BlockFormat.DefaultRunBytes));
            await writer.WriteAsync(next, CancellationToken.None);
        }

        Assert.Equal(ActivityStatusCode.Error, Assert.Single(Spans).Status);
    }

    public void Dispose()
    {
        _upload.Dispose();
        _listener.Dispose();
    }

    private static async Task WriteAsync(ChunkWriter writer)
    {
        foreach (var run in Runs.Cut(s_bytes))
        {
            using (run)
            {
                await writer.WriteAsync(run, CancellationToken.None);
            }
        }
    }
}
