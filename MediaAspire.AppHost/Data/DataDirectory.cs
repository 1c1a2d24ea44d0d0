using System.Globalization;

namespace MediaAspire.AppHost.Data;

/// <summary>The directory of the data that engines and nodes keep between runs, owned by one AppHost at a time.</summary>
/// <remarks>
/// Two graphs on the same files would destroy them: PostgreSQL guards its own directory, Redis and a half-started node do not.
/// The kernel holds the lock and releases it when the process ends, for any reason.
/// </remarks>
internal sealed class DataDirectory(string path) : IDisposable
{
    private const string LockFileName = "apphost.lock";
    private const string IdFileName = "graph.id";

    private FileStream? _lock;

    /// <summary>The absolute path.</summary>
    public string Path { get; } = path;

    /// <summary>Gets a value indicating whether the directory has an id already.</summary>
    public bool HasId => File.Exists(System.IO.Path.Combine(Path, IdFileName));

    /// <summary>Gets the id of the data, which is created and deleted with the directory.</summary>
    /// <remarks>Data outside of the directory is named by this id, because another checkout may use the same path later.</remarks>
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

    /// <summary>Creates the directory and locks it for this process until disposal.</summary>
    /// <exception cref="DistributedApplicationException">Another AppHost holds the lock.</exception>
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
                $"The data directory '{Path}' is in use by another AppHost. Stop it, or choose another one with --Data:Directory=PATH.",
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

        foreach (var file in Directory.EnumerateFiles(Path)
            .Where(file => System.IO.Path.GetFileName(file) is not (LockFileName or IdFileName)))
        {
            File.Delete(file);
        }
    }

    // When the AppHost is root, engines run under accounts of their own, which need to enter the directory with any umask.
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
