using MediaAspire.Core.Checksums;
using MediaAspire.Core.Files;
using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Files;

public sealed class UploadHashesTests
{
    [Theory]
    [InlineData(true, 1)]
    [InlineData(true, 100_000)]
    [InlineData(true, 1, 1)]
    [InlineData(true, 100_000, 65_536, 99_999, 1)]
    [InlineData(false, 1)]
    [InlineData(false, 100_000)]
    [InlineData(false, 1, 1)]
    [InlineData(false, 100_000, 65_536, 99_999, 1)]
    public void EndFile_AfterChunks_HasTheHashOfEachAndThatOfAllWhereItIsWantedOrTheirOnlyOne(bool isFileWanted, params int[] chunks)
    {
        using var hashes = new UploadHashes(isFileWanted);
        var bytes = TestBytes.Make(5, chunks.Sum());
        var offset = 0;
        foreach (var size in chunks)
        {
            var chunk = bytes.AsSpan(offset, size);
            hashes.Append(chunk[..(size / 3)]);
            hashes.Append(chunk[(size / 3)..]);

            Assert.Equal(TestBytes.Sha256(chunk), hashes.EndChunk().ToString());
            offset += size;
        }

        Assert.Equal(isFileWanted || chunks.Length == 1 ? TestBytes.Sha256(bytes) : null, hashes.EndFile()?.ToString());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void EndFile_WithoutAByte_IsTheHashOfNothing(bool isFileWanted)
    {
        using var hashes = new UploadHashes(isFileWanted);

        Assert.Equal(Sha256Digest.OfNothing, hashes.EndFile());
    }
}
