using MediaAspire.Core.Cluster;

namespace MediaAspire.Storage.Chunks;

/// <summary>
/// The history of the database as this node has seen it, and the decision whether a sweep's call follows a database that is as new.
/// </summary>
/// <remarks>
/// <para>
/// Thread-safe. A sweep names the mark that its database had for this node when it chose the chunk. A database that was restored from a
/// backup has a lower mark than the node has seen, so its first call is refused already, before any heartbeat has noticed the restore.
/// </para>
/// <para>
/// A call is under way while heartbeats raise the mark. So it is compared with what the node had seen <see cref="Patience"/> ago.
/// </para>
/// </remarks>
public sealed class DeletionFence(TimeProvider time)
{
    /// <summary>The longest time between the decision of a sweep and its call.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Lock _lock = new();

    // What was seen within the patience, oldest first; the floor is what was seen before.
    private readonly Queue<(long Since, HeartbeatMark Mark)> _recent = new();
    private HeartbeatMark _floor;
    private HeartbeatMark _seen;
    private bool _isSettled;

    /// <summary>Gets the last mark that was seen; epoch 0 for none.</summary>
    public HeartbeatMark Seen
    {
        get
        {
            lock (_lock)
            {
                return _seen;
            }
        }
    }

    /// <summary>
    /// Gets a value indicating whether the node's last contact with its database was good: the node is registered, and no restore is open.
    /// Only then may the trash be emptied.
    /// </summary>
    public bool IsSettled
    {
        get
        {
            lock (_lock)
            {
                return _isSettled;
            }
        }
    }

    /// <summary>Sets the mark that the disk holds from an earlier process.</summary>
    public void Load(HeartbeatMark mark)
    {
        lock (_lock)
        {
            _seen = _floor = mark;
        }
    }

    /// <summary>Records the database's answer to a report.</summary>
    /// <param name="mark">The report's mark. A lower one than seen before changes nothing.</param>
    /// <param name="isRestoreOpen">Indicates whether the database was restored and no operator has accepted that.</param>
    public void Confirm(HeartbeatMark mark, bool isRestoreOpen)
    {
        lock (_lock)
        {
            _isSettled = !isRestoreOpen;
            if (mark.Epoch > _seen.Epoch)
            {
                _recent.Clear();
                _seen = _floor = mark;
            }
            else if (mark.Epoch == _seen.Epoch && mark.Count > _seen.Count)
            {
                _seen = mark;
                _recent.Enqueue((time.GetTimestamp(), mark));
            }
        }
    }

    /// <summary>Notes that the node must not follow its database: it is another cluster's, or older than this disk.</summary>
    public void Suspend()
    {
        lock (_lock)
        {
            _isSettled = false;
        }
    }

    /// <summary>Checks a deletion against the history.</summary>
    /// <param name="decidedAt">The mark that the database had for this node when the deletion was decided.</param>
    /// <exception cref="ChunkStoreException">The database is older than the node knows, or cannot be judged.</exception>
    public void Check(HeartbeatMark decidedAt)
    {
        lock (_lock)
        {
            while (_recent.TryPeek(out var next) && time.GetElapsedTime(next.Since) > Patience)
            {
                _floor = _recent.Dequeue().Mark;
            }

            if (Refusal(decidedAt) is { } refusal)
            {
                throw new ChunkStoreException(ChunkStoreError.Fenced, refusal);
            }
        }
    }

    private string? Refusal(HeartbeatMark decidedAt) =>
        _seen.Epoch == 0 ? "The node has not registered with its database yet, so nothing is deleted on its behalf."
        : decidedAt.Epoch != _seen.Epoch ? $"The deletion was decided at {decidedAt}, but this node has seen {_seen}. Nothing is deleted."
        : decidedAt.Count < _floor.Count
            ? $"The deletion was decided at {decidedAt}, but this node has seen {_seen}: the database was restored from a backup, "
                + "or the decision is too old. Nothing is deleted."
        : null;
}
