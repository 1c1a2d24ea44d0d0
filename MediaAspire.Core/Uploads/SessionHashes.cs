using System.Security.Cryptography;
using MediaAspire.Core.Checksums;
using MediaAspire.Core.Ids;

namespace MediaAspire.Core.Uploads;

/// <summary>The hashes of uploads between two appends to this process. Thread-safe.</summary>
/// <remarks>
/// A hash that is not here, because another process had the last append or too many were kept, is computed from the stored bytes when the
/// upload is completed.
/// </remarks>
internal sealed class SessionHashes : IDisposable
{
    private const int MostKept = 4096;

    private readonly Lock _lock = new();
    private readonly Dictionary<UploadSessionId, LinkedListNode<SessionHash>> _kept = [];
    private readonly LinkedList<SessionHash> _byAge = [];

    /// <summary>Takes the hash of the bytes before an offset; <see langword="null"/> when it is not here.</summary>
    public SessionHash? Take(UploadSessionId upload, long offset)
    {
        SessionHash? kept = null;
        lock (_lock)
        {
            if (_kept.Remove(upload, out var node))
            {
                _byAge.Remove(node);
                kept = node.Value;
            }
        }

        if (kept?.Size == offset)
        {
            return kept;
        }

        kept?.Dispose();
        return offset == 0 ? new SessionHash(upload) : null;
    }

    /// <summary>Keeps a hash for the next append.</summary>
    public void Keep(SessionHash hash)
    {
        var replaced = new List<SessionHash>();
        lock (_lock)
        {
            if (_kept.Remove(hash.Upload, out var older))
            {
                _byAge.Remove(older);
                replaced.Add(older.Value);
            }

            _kept.Add(hash.Upload, _byAge.AddLast(hash));
            if (_kept.Count > MostKept && _byAge.First is { } oldest)
            {
                _byAge.RemoveFirst();
                _kept.Remove(oldest.Value.Upload);
                replaced.Add(oldest.Value);
            }
        }

        foreach (var each in replaced)
        {
            each.Dispose();
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            foreach (var hash in _byAge)
            {
                hash.Dispose();
            }

            _byAge.Clear();
            _kept.Clear();
        }
    }
}

/// <summary>The SHA-256 of the bytes of an upload so far. One thread at a time.</summary>
internal sealed class SessionHash(UploadSessionId upload) : IContentDigest, IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    public UploadSessionId Upload => upload;

    public long Size { get; private set; }

    public Sha256Digest Value => Sha256Digest.Of(_hash);

    public void Append(ReadOnlySpan<byte> bytes)
    {
        _hash.AppendData(bytes);
        Size += bytes.Length;
    }

    public void Dispose() => _hash.Dispose();
}
