using MediaAspire.Core.Fetching;

namespace MediaAspire.Worker.Fetching;

/// <summary>The bytes of a download, in a temporary file. Disposing removes it.</summary>
/// <param name="result">The result of the download.</param>
/// <param name="bytes">The bytes.</param>
internal sealed class ImageDownload(FetchResult result, FileStream bytes) : IAsyncDisposable
{
    public FetchResult Result => result;

    /// <summary>Gets the bytes, from the first on.</summary>
    public Stream Bytes
    {
        get
        {
            bytes.Position = 0;
            return bytes;
        }
    }

    public ValueTask DisposeAsync() => bytes.DisposeAsync();
}
