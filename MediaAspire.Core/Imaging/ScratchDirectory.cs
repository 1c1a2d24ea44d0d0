namespace MediaAspire.Core.Imaging;

/// <summary>A directory for the temporary files of this process only. Disposing it removes it.</summary>
/// <remarks>
/// Each process holds a lock in its directory. So a process that starts removes what dead processes left, and nothing of living ones,
/// however many share the root.
/// </remarks>
public sealed class ScratchDirectory : IDisposable
{
    private const string LockName = "lock";

    private readonly FileStream _lock;

    /// <summary>Creates a directory, and removes those of dead processes.</summary>
    /// <param name="root">The directory that the processes share; it is created if it does not exist.</param>
    public ScratchDirectory(string root)
    {
        Directory.CreateDirectory(root);
        Path = Directory.CreateDirectory(System.IO.Path.Combine(root, Guid.CreateVersion7().ToString("N"))).FullName;
        _lock = Acquire(Path);
        RemoveAbandoned(root);
    }

    /// <summary>Gets the full path of the directory.</summary>
    public string Path { get; }

    /// <summary>Names a file that does not exist.</summary>
    /// <param name="extension">What the name ends in, with a dot.</param>
    public string NewFile(string extension = "") => System.IO.Path.Combine(Path, Guid.CreateVersion7().ToString("N") + extension);

    public void Dispose()
    {
        Directory.Delete(Path, recursive: true);
        _lock.Dispose();
    }

    private static FileStream Acquire(string directory) =>
        new(System.IO.Path.Combine(directory, LockName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);

    private void RemoveAbandoned(string root)
    {
        foreach (var directory in Directory.EnumerateDirectories(root))
        {
            // A directory without a lock file is one that its process is about to lock.
            if (directory == Path || !File.Exists(System.IO.Path.Combine(directory, LockName)))
            {
                continue;
            }

            try
            {
                using (Acquire(directory))
                {
                    Directory.Delete(directory, recursive: true);
                }
            }
            catch (IOException)
            {
                // Its process lives, or another one removes it now.
            }
            catch (UnauthorizedAccessException)
            {
                // Another user's.
            }
        }
    }
}
