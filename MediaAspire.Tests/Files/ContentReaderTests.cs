using System.IO.Pipelines;
using MediaAspire.Core.Files;
using MediaAspire.Core.Ids;
using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Files;

public sealed class ContentReaderTests(PostgresFixture postgres) : IAsyncLifetime, IClassFixture<PostgresFixture>
{
    private readonly List<byte> _bytes = [];
    private readonly List<ContentPart> _parts = [];
    private TestCluster _cluster = null!;
    private TestFileStore _store = null!;
    private ContentReader _reader = null!;

    public async Task InitializeAsync()
    {
        _cluster = await TestCluster.StartAsync(nodes: 2);
        _store = await TestFileStore.StartAsync(postgres, _cluster);
        _reader = new(_store.Catalog, _store.Reader);
        foreach (var size in new[] { 1000, 1, 0, 200_000, 70_000 })
        {
            var bytes = new byte[size];
            new Random(size).NextBytes(bytes);
            await using var upload = await _store.Writer.BeginAsync(new NewFile("a", "b/c") { Length = size, Holders = 1 }, default);
            await upload.WriteAsync(new MemoryStream(bytes), long.MaxValue, default);
            await upload.CommitAsync(default);
            _parts.Add(new(upload.Id, _bytes.Count, size));
            _bytes.AddRange(bytes);
        }
    }

    public async Task DisposeAsync()
    {
        await _store.DisposeAsync();
        await _cluster.DisposeAsync();
    }

    [Theory]
    [InlineData(0, 271_001)]
    [InlineData(0, 0)]
    [InlineData(999, 3)]
    [InlineData(1001, 1)]
    [InlineData(150_000, 100_000)]
    [InlineData(271_001, 0)]
    [InlineData(271_000, 1)]
    public async Task OpenAsync_AnyRange_SendsItsBytesOfAllFiles(int offset, int length)
    {
        Assert.Equal(_bytes.GetRange(offset, length), await ReadAsync(new(_bytes.Count, _parts), offset, length));
    }

    [Fact]
    public async Task OpenAsync_PartsWhoseChunksAreKnown_LooksNoFileUp()
    {
        var parts = new List<ContentPart>();
        foreach (var part in _parts)
        {
            parts.Add(part with { Stored = await _store.Catalog.FindHeldAsync(part.File, default) });
        }

        // Without the rows a look-up would fail.
        await using (var forget = postgres.Database.CreateCommand("DELETE FROM files"))
        {
            await forget.ExecuteNonQueryAsync();
        }

        Assert.Equal(_bytes, await ReadAsync(new(_bytes.Count, parts), 0, _bytes.Count));
    }

    [Theory]
    [InlineData(-1, 1)]
    [InlineData(0, -1)]
    [InlineData(271_001, 1)]
    [InlineData(0, 271_002)]
    public async Task OpenAsync_RangeOutsideTheContent_Throws(int offset, int length) =>
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => ReadAsync(new(_bytes.Count, _parts), offset, length));

    [Fact]
    public async Task OpenAsync_FileThatIsGone_IsUnavailable()
    {
        var content = new ComposedContent(1, [new(FileId.New(TimeProvider.System), 0, 1)]);

        await Assert.ThrowsAsync<FileUnavailableException>(() => _reader.OpenAsync(content, 0, 1, default));
    }

    private async Task<byte[]> ReadAsync(ComposedContent content, long offset, long length)
    {
        using var bytes = new MemoryStream();
        await using var range = await _reader.OpenAsync(content, offset, length, default);
        var writer = PipeWriter.Create(bytes);
        await range.SendAsync(writer, default);
        await writer.CompleteAsync();
        Assert.True(range.IsSent);
        return bytes.ToArray();
    }
}
