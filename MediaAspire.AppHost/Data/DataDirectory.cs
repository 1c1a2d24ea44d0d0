using System.Globalization;

namespace MediaAspire.AppHost.Data;

/// <summary>The directory that holds what engines and nodes keep between runs, owned by one AppHost at a time.</summary>
/// <remarks>
/// Two graphs on the same files would destroy them: PostgreSQL guards its own directory, Redis and a half-started node do not.
/// The lock is the kernel's, so that it ends with the process however that ends.
/// </remarks>
internal sealed class DataDirectory(string path) : IDisposable
{
    private const string LockFileName = "apphost.lock";
    private const string IdFileName = "graph.id";

    private FileStream? _lock;

    /// <summary>The absolute path.</summary>
    public string Path { get; } = path;

    /// <summary>Gets the id of the data, made with the directory and gone with it.</summary>
    /// <remarks>What is kept elsewhere goes by this id: at the same path there may be another checkout, with other data, one day.</remarks>
    public string GetId()
    {
        Create();
        var file = System.IO.Path.Combine(Path, IdFileName);
        if (!File.Exists(file))
        {
            File.WriteAllText(file, Guid.CreateVersion7().ToString("N"));
        }

        return File.ReadAllText(file).Trim();
    }

    /// <summary>Creates the directory and takes it for this process until disposal.</summary>
    /// <exception cref="DistributedApplicationException">Another AppHost holds it.</exception>
    public void Acquire()
    {
        Create();
        var lockFile = System.IO.Path.Combine(Path, LockFileName);
        try
        {
            _lock = new FileStream(lockFile, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException failure)
        {
            throw new DistributedApplicationException(
                $"The data directory {Path} is in use by another AppHost. Stop that one, or choose another directory with --Data:Directory=PATH.",
                failure);
        }

        using var writer = new StreamWriter(_lock, leaveOpen: true);
        _lock.SetLength(0);
        writer.Write(Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>Deletes everything in the directory except the lock and the id.</summary>
    public void Clear()
    {
        foreach (var directory in Directory.EnumerateDirectories(Path))
        {
            Directory.Delete(directory, recursive: true);
        }

        foreach (var file in Directory.EnumerateFiles(Path).Where(file => System.IO.Path.GetFileName(file) is not (LockFileName or IdFileName)))
        {
            File.Delete(file);
        }
    }

    // Engines run under accounts of their own when the AppHost is root, and have to pass through whatever the umask says.
    private void Create()
    {
        if (!Directory.Exists(Path))
        {
            Directory.CreateDirectory(Path);
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(Path, File.GetUnixFileMode(Path) | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
            }
        }
    }

    /// <inheritdoc />
    public void Dispose() => _lock?.Dispose();
}
