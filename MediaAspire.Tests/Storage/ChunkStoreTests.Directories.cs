using MediaAspire.Core.Ids;
using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Storage;

public sealed partial class ChunkStoreTests
{
    [Fact]
    public async Task Open_DirectoriesOfOthersBesideTheChunks_AreNotTakenForItsOwn()
    {
        var chunks = Path.Combine(Path.GetDirectoryName(_test.Trash)!, "chunks");
        foreach (var name in new[] { "lost+found", "zz", "+1", "AB" })
        {
            Directory.CreateDirectory(Path.Combine(chunks, name));
        }

        _test.Reopen();

        // An id that ends in the digits of a directory that exists in capitals only.
        var chunk = new ChunkId(Guid.Parse("01970000-0000-7000-8000-0000000000ab"));
        var bytes = TestBytes.Make(8, 1000);
        await _test.PutAsync(bytes, chunk);
        _test.Reopen();
        Assert.Equal(bytes, await _test.GetAsync(chunk, 0, bytes.Length));
    }
}
