using MediaAspire.Core.Ids;
using MediaAspire.Storage.Chunks;
using Microsoft.Extensions.Options;

namespace MediaAspire.Storage.Membership;

/// <summary>Who this node is: an id on its disk, and a lock that keeps other processes off that disk.</summary>
public sealed class NodeIdentity(IOptions<StorageOptions> options, TimeProvider time) : IDisposable
{
    private const string LockFile = "lock";
    private const string IdFile = "server_id";

    private FileStream? _lock;
    private ServerId? _id;

    /// <summary>The node's id.</summary>
    /// <exception cref="InvalidOperationException">The data directory has not been claimed yet.</exception>
    public ServerId Id => _id ?? throw new InvalidOperationException("The data directory has not been claimed.");

    /// <summary>Takes the data directory for this process until it ends, and reads its id, which is made on first use.</summary>
    /// <exception cref="DataDirectoryException">Another process has the directory, or its id cannot be read.</exception>
    public void Claim()
    {
        var directory = Path.GetFullPath(options.Value.DataDirectory);
        Directory.CreateDirectory(directory);
        _lock = Lock(directory);
        _id = Read(directory) ?? Create(directory);
    }

    // The kernel drops the lock when the process ends, however it ends.
    public void Dispose() => _lock?.Dispose();

    private static FileStream Lock(string directory)
    {
        try
        {
            return new FileStream(Path.Combine(directory, LockFile), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException exception)
        {
            throw new DataDirectoryException($"Another process owns the data directory {directory}; a node needs one of its own.", exception);
        }
    }

    private static ServerId? Read(string directory)
    {
        var path = Path.Combine(directory, IdFile);
        if (!File.Exists(path))
        {
            return null;
        }

        return ServerId.TryParse(File.ReadAllText(path).Trim(), out var id)
            ? id
            : throw new DataDirectoryException($"{path} holds no server id. Restore it: under another id the node's chunks count as lost.");
    }

    private ServerId Create(string directory)
    {
        var id = ServerId.New(time);
        var path = Path.Combine(directory, IdFile);
        var unfinished = path + ".new";
        using (var file = new FileStream(unfinished, FileMode.Create, FileAccess.Write))
        {
            file.Write(System.Text.Encoding.ASCII.GetBytes($"{id}\n"));
            file.Flush(flushToDisk: true);
        }

        File.Move(unfinished, path);
        StableStorage.FlushDirectory(directory);
        return id;
    }
}
