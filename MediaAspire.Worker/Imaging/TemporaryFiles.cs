using Microsoft.Extensions.Options;

namespace MediaAspire.Worker.Imaging;

/// <summary>Temporary files in a directory of this process. Those of dead processes are removed at the start. Thread-safe.</summary>
/// <remarks>
/// A process holds a lock beside its directory as long as it lives. Processes of several containers may share the directory above.
/// </remarks>
internal sealed class TemporaryFiles : IDisposable
{
    private const string Prefix = "work-";
    private const string LockSuffix = ".lock";

    private readonly string _directory;
    private readonly FileStream _lock;

    public TemporaryFiles(IOptions<ImagingOptions> options)
    {
        var root = Directory.CreateDirectory(options.Value.TempDirectory).FullName;
        _directory = Path.Combine(root, $"{Prefix}{Guid.NewGuid():N}");
        Directory.CreateDirectory(_directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        _lock = new FileStream(_directory + LockSuffix, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);

        // Between its creation and its locking another process might take the file for one of a dead process; that one skips empty files.
        _lock.WriteByte(1);
        RemoveLeftovers(root);
    }

    /// <summary>Creates the path of a file that does not exist; disposing it deletes the file, if there is one by then.</summary>
    /// <param name="extension">The extension, without a dot.</param>
    public TemporaryFile Create(string extension = "bin") => new(Path.Combine(_directory, $"{Guid.NewGuid():N}.{extension}"));

    public void Dispose()
    {
        Directory.Delete(_directory, recursive: true);
        File.Delete(_lock.Name);
        _lock.Dispose();
    }

    private static void RemoveLeftovers(string root)
    {
        foreach (var path in Directory.EnumerateFiles(root, Prefix + "*" + LockSuffix))
        {
            try
            {
                // Fails while its process lives.
                using var abandoned = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.None);
                if (abandoned.Length == 0)
                {
                    continue;
                }

                var directory = path[..^LockSuffix.Length];
                if (Directory.Exists(directory))
                {
                    Directory.Delete(directory, recursive: true);
                }

                File.Delete(path);
            }
            catch (IOException)
            {
                // Its process lives, or another one removes it just now.
            }
        }
    }
}

/// <summary>A temporary file, which may not exist yet.</summary>
/// <param name="path">Its path.</param>
internal sealed class TemporaryFile(string path) : IDisposable
{
    public string Path { get; } = path;

    public void Dispose() => File.Delete(Path);
}
