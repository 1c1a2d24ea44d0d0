using System.Diagnostics.CodeAnalysis;
using MediaAspire.Core.Ids;
using MediaAspire.Storage.Chunks;
using MediaAspire.Storage.Volumes;
using Microsoft.Extensions.Options;

namespace MediaAspire.Storage.Membership;

/// <summary>The node's identity on its disk: its own id, its cluster's id, and a lock that keeps other processes off that disk.</summary>
public sealed partial class NodeIdentity(IOptions<StorageOptions> options, TimeProvider time, ILogger<NodeIdentity> logger) : IDisposable
{
    private const string LockFile = "lock";
    private const string IdFile = "server_id";
    private const string ClusterFile = "cluster_id";

    private FileStream? _lock;
    private ServerId? _id;
    private volatile object? _cluster;

    /// <summary>Gets the node's id.</summary>
    /// <exception cref="InvalidOperationException">The data directory has not been acquired yet.</exception>
    public ServerId Id => _id ?? throw new InvalidOperationException("The data directory has not been acquired yet.");

    /// <summary>Gets the cluster that the disk belongs to; null until the node has joined one. Never changes afterwards.</summary>
    public ClusterId? Cluster => (ClusterId?)_cluster;

    /// <summary>Gets the full path of the data directory.</summary>
    public string DataDirectory { get; } = Path.GetFullPath(options.Value.DataDirectory);

    /// <summary>Gets the path of the file that holds the cluster's id.</summary>
    public string ClusterPath => Path.Combine(DataDirectory, ClusterFile);

    /// <summary>Locks the data directory until the process ends, and reads its ids. Creates the node's own id on first use.</summary>
    /// <exception cref="DataDirectoryException">Another process has locked the directory, or one of its ids is not valid.</exception>
    public void Acquire()
    {
        if (!PrivateFiles.CreateDirectory(DataDirectory))
        {
            LogForeign(DataDirectory);
        }

        _lock = Lock();
        _id = ReadId() ?? CreateId();
        _cluster = ReadCluster();
    }

    /// <summary>Records the cluster that the disk belongs to from now on. Returns when that is on stable storage.</summary>
    /// <exception cref="InvalidOperationException">The disk already belongs to a cluster.</exception>
    /// <exception cref="IOException">Writing the id failed; the disk still has no cluster.</exception>
    public void Join(ClusterId cluster)
    {
        if (_cluster is not null)
        {
            throw new InvalidOperationException($"The data directory {DataDirectory} already belongs to cluster {Cluster}.");
        }

        Write(ClusterPath, cluster.ToString());
        _cluster = cluster;
    }

    // The kernel releases the lock when the process ends, even after a crash.
    public void Dispose() => _lock?.Dispose();

    private FileStream Lock()
    {
        try
        {
            var file = new FileStream(Path.Combine(DataDirectory, LockFile), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            PrivateFiles.Protect(file.SafeFileHandle);
            return file;
        }
        catch (IOException exception)
        {
            throw new DataDirectoryException(
                $"Another process uses the data directory {DataDirectory}. Give each node a directory of its own.", exception);
        }
    }

    private ServerId? ReadId()
    {
        var path = Path.Combine(DataDirectory, IdFile);
        if (!TryRead(path, out var text))
        {
            return null;
        }

        return ServerId.TryParse(text, out var id)
            ? id
            : throw new DataDirectoryException(
                $"{path} does not contain a valid server id. Restore it: with another id the node's chunks count as lost.");
    }

    private ClusterId? ReadCluster()
    {
        if (!TryRead(ClusterPath, out var text))
        {
            return null;
        }

        return ClusterId.TryParse(text, out var id)
            ? id
            : throw new DataDirectoryException(
                $"{ClusterPath} does not contain a valid cluster id. Restore it with the id of the cluster's database "
                + "(SELECT cluster_id FROM cluster), or delete it: the node then joins the cluster of its database, "
                + "if that knows its chunks.");
    }

    private ServerId CreateId()
    {
        var id = ServerId.New(time);
        Write(Path.Combine(DataDirectory, IdFile), id.ToString());
        return id;
    }

    private bool TryRead(string path, [NotNullWhen(true)] out string? text)
    {
        if (!File.Exists(path))
        {
            text = null;
            return false;
        }

        if (!PrivateFiles.Protect(path))
        {
            LogForeign(path);
        }

        text = File.ReadAllText(path).Trim();
        return true;
    }

    private static void Write(string path, string id) => DurableFile.Replace(path, $"{id}\n");

    [LoggerMessage(LogLevel.Warning, "{Path} belongs to another user, so its permissions stay. Give it to the node's user (chown)")]
    private partial void LogForeign(string path);
}
