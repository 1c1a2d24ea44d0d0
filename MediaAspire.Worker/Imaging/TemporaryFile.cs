namespace MediaAspire.Worker.Imaging;

/// <summary>A temporary file, which may not exist yet. Disposing deletes it.</summary>
/// <param name="path">Its path.</param>
internal sealed class TemporaryFile(string path) : IDisposable
{
    public string Path { get; } = path;

    public void Dispose() => File.Delete(Path);
}
