using MediaAspire.Core.Checksums;
using MediaAspire.Core.Chunks;
using MediaAspire.Core.Files;
using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Files;

/// <summary>Tests of the SHA-256 of whole files.</summary>
public sealed class FileSha256Tests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Theory]
    [InlineData(true, true, 0, 0)]
    [InlineData(true, true, 60_000, 1)]
    [InlineData(true, true, 3_000_000, 6)]
    [InlineData(true, false, 60_000, 1)]
    [InlineData(true, false, 2_000_000, 1)]
    [InlineData(true, false, 3_000_000, 2)]
    [InlineData(false, true, 0, 0)]
    [InlineData(false, true, 60_000, 1)]
    [InlineData(false, true, 3_000_000, 6)]
    [InlineData(false, false, 60_000, 1)]
    [InlineData(false, false, 2_000_000, 1)]
    [InlineData(false, false, 3_000_000, 2)]
    public async Task A_file_has_its_SHA256_where_it_is_needed_or_costs_nothing(bool isNeeded, bool isLengthKnown, int size, int chunks)
    {
        await using var cluster = await TestCluster.StartAsync(nodes: 1);
        await using var store = await TestFileStore.StartAsync(
            postgres, cluster, new ChunkOptions { Copies = 1, StreamSize = 32 * BlockFormat.BlockSize });
        var bytes = TestBytes.Make(9, size);
        var expected = isNeeded || chunks <= 1 ? new Sha256Digest(System.Security.Cryptography.SHA256.HashData(bytes)) : null;

        var file = await PutAsync(store, new NewFile("a", "b/c") { Length = isLengthKnown ? size : null, NeedsSha256 = isNeeded }, bytes);
        var found = await store.Catalog.FindAsync(file.Id, CancellationToken.None);

        Assert.Equal(expected, file.Sha256);
        Assert.Equal(expected, found?.Sha256);
        Assert.Equal(bytes, await store.GetAsync(file.Id));
        Assert.Equal(chunks, found!.Chunks.Length);
        Assert.All(found.Chunks, chunk =>
            Assert.Equal(TestBytes.Sha256(bytes.AsSpan((int)chunk.Offset, (int)chunk.Size)), chunk.Sha256.ToString()));
    }

    [Fact]
    public async Task An_upload_without_SHA256_is_committed_after_it_was_written_and_not_before()
    {
        await using var cluster = await TestCluster.StartAsync(nodes: 1);
        await using var store = await TestFileStore.StartAsync(postgres, cluster, new ChunkOptions { Copies = 1 });

        await using var upload = await store.Writer.BeginAsync(new NewFile("a", "b/c") { NeedsSha256 = false }, CancellationToken.None);

        await Assert.ThrowsAsync<InvalidOperationException>(() => upload.CommitAsync(CancellationToken.None));
    }

    private static async Task<StoredFileSummary> PutAsync(TestFileStore store, NewFile file, byte[] bytes)
    {
        await using var upload = await store.Writer.BeginAsync(file, CancellationToken.None);
        await upload.WriteAsync(new MemoryStream(bytes), long.MaxValue, CancellationToken.None);
        return await upload.CommitAsync(CancellationToken.None);
    }
}
