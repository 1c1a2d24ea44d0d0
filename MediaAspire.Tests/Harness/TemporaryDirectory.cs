namespace MediaAspire.Tests.Harness;

/// <summary>A directory of a test, deleted with the test.</summary>
internal sealed class TemporaryDirectory : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("mediaaspire-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
