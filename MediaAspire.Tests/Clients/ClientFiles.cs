using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Clients;

/// <summary>The files that every client uploads. They are created once.</summary>
internal sealed class ClientFiles : IDisposable
{
    private readonly TemporaryDirectory _source = new();

    public string Source => _source.Path;

    /// <summary>Gets the SHA-256 of every file by its path.</summary>
    public SortedDictionary<string, string> Digests { get; private set; } = [];

    public async Task WriteAsync()
    {
        await AwkwardFiles.WriteAsync(Source);
        Digests = await AwkwardFiles.DigestAsync(Source);
        Assert.Equal(AwkwardFiles.Count + 1, Digests.Count);
    }

    /// <summary>Asserts that a folder has the same files, with the same bytes.</summary>
    public async Task AssertSameAsync(string folder)
    {
        var found = await AwkwardFiles.DigestAsync(folder);
        Assert.Empty(Digests.Keys.Except(found.Keys));
        Assert.Empty(found.Keys.Except(Digests.Keys));
        Assert.Empty(Digests.Where(file => found[file.Key] != file.Value).Select(file => file.Key));
    }

    public void Dispose() => _source.Dispose();
}
