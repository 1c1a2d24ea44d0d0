namespace MediaAspire.Tests.Harness;

/// <summary>A directory of a test, deleted with the test.</summary>
/// <remarks>A server that was aborted may still finish a request, so a file may appear during the deletion: it is tried again.</remarks>
internal sealed class TemporaryDirectory : IDisposable
{
    private const int Attempts = 100;

    public string Path { get; } = Directory.CreateTempSubdirectory("mediaaspire-").FullName;

    public void Dispose()
    {
        for (var left = Attempts; ; left--)
        {
            try
            {
                Directory.Delete(Path, recursive: true);
                return;
            }
            catch (IOException) when (left > 1)
            {
                Thread.Yield();
            }
        }
    }
}
