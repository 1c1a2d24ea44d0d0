using System.Globalization;
using MediaAspire.Core.Cluster;
using MediaAspire.Storage.Chunks;
using MediaAspire.Storage.Volumes;

namespace MediaAspire.Storage.Membership;

/// <summary>The last mark of the database that this disk has seen, kept over restarts. It feeds the <see cref="DeletionFence"/>.</summary>
/// <remarks>
/// The file is written at most once for each <see cref="s_savePause"/>. What a crash loses of it are heartbeats of the last seconds: a
/// backup of the database that is younger than that cannot be told from the database itself. For one thread at a time.
/// </remarks>
public sealed class SeenHistory(NodeIdentity identity, DeletionFence fence, TimeProvider time)
{
    private const string FileName = "database_mark";

    private static readonly TimeSpan s_savePause = TimeSpan.FromSeconds(5);

    private HeartbeatMark _saved;
    private long? _savedAt;

    /// <summary>Gets the last mark; epoch 0 for none.</summary>
    public HeartbeatMark Seen => fence.Seen;

    /// <summary>Gets the database's time of the last mark; null when unknown.</summary>
    public DateTimeOffset? SeenAt { get; private set; }

    private string FilePath => Path.Combine(identity.DataDirectory, FileName);

    /// <summary>Reads the mark from the disk, before the node accepts calls.</summary>
    /// <exception cref="DataDirectoryException">The file is not valid.</exception>
    public void Load()
    {
        if (!File.Exists(FilePath))
        {
            return;
        }

        if (File.ReadAllText(FilePath).Trim().Split(' ') is not [var epoch, var count, var at]
            || !long.TryParse(epoch, NumberStyles.None, CultureInfo.InvariantCulture, out var epochNumber)
            || !long.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var countNumber)
            || !DateTimeOffset.TryParseExact(at, "o", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)
            || epochNumber < 1)
        {
            throw new DataDirectoryException(
                $"{FilePath} does not contain a valid mark. Expected an epoch, a count and a time. Check the disk. "
                + "If you delete the file, the node cannot notice that its database was restored from a backup before its next heartbeat.");
        }

        _saved = new(epochNumber, countNumber);
        SeenAt = time;
        fence.Load(_saved);
    }

    /// <summary>Records the database's answer to a report. A new epoch is on stable storage when this returns.</summary>
    /// <exception cref="IOException">Writing the mark failed; a new epoch is not adopted.</exception>
    public void Confirm(NodeStanding standing)
    {
        ArgumentNullException.ThrowIfNull(standing);
        var isLater = standing.Mark.Epoch > Seen.Epoch
            || (standing.Mark.Epoch == Seen.Epoch && standing.Mark.Count > Seen.Count);
        if (isLater)
        {
            if (standing.Mark.Epoch > _saved.Epoch || _savedAt is not { } savedAt || time.GetElapsedTime(savedAt) >= s_savePause)
            {
                Save(standing.Mark, standing.At);
            }

            SeenAt = standing.At;
        }

        fence.Confirm(standing.Mark, standing.IsRestoreOpen);
    }

    /// <summary>Notes that the node must not follow its database.</summary>
    public void Suspend() => fence.Suspend();

    /// <summary>Writes the last mark, at the end of the process.</summary>
    /// <exception cref="IOException">Writing the mark failed.</exception>
    public void Save()
    {
        if (Seen != _saved && SeenAt is { } at)
        {
            Save(Seen, at);
        }
    }

    private void Save(HeartbeatMark mark, DateTimeOffset at)
    {
        DurableFile.Replace(
            FilePath, string.Create(CultureInfo.InvariantCulture, $"{mark.Epoch} {mark.Count} {at.ToUniversalTime():o}\n"));
        (_saved, _savedAt) = (mark, time.GetTimestamp());
    }
}
