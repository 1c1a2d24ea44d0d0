namespace MediaAspire.Tests.Faults;

/// <summary>The state of a file, as far as the clients know it.</summary>
internal enum FileState
{
    /// <summary>On its way in.</summary>
    Uploading,

    /// <summary>201 with its hash: it must be there, whole, until a delete begins.</summary>
    Acknowledged,

    /// <summary>Refused with the promise that nothing was kept, or broken off by the client: it must never be seen.</summary>
    Refused,

    /// <summary>The answer was lost: it may be there, whole, or not at all.</summary>
    Unknown,

    /// <summary>A delete was sent and not yet answered.</summary>
    Deleting,

    /// <summary>204: it must never be seen again.</summary>
    Deleted,

    /// <summary>The answer to a delete was lost: it is there, whole, or gone.</summary>
    DeleteUnknown,
}

/// <summary>A file of the campaign, and what is known of it. Thread-safe.</summary>
internal sealed class CampaignFile(long number, int size, string sha256)
{
    private readonly Lock _lock = new();
    private FileState _state = FileState.Uploading;
    private bool _seenGone;

    /// <summary>Which file it is; its bytes follow from it.</summary>
    public long Number { get; } = number;

    public int Size { get; } = size;

    public string Sha256 { get; } = sha256;

    /// <summary>A name that no other file of the campaign has, by which one is found whose id was never told.</summary>
    public string Name => $"campaign-{Number}.bin";

    public Guid? Id { get; private set; }

    public FileState State
    {
        get
        {
            lock (_lock)
            {
                return _state;
            }
        }
    }

    /// <summary>Gets a value indicating whether the file must be readable now.</summary>
    public bool MustBeThere => State == FileState.Acknowledged;

    /// <summary>Gets a value indicating whether the file may never be read from now on.</summary>
    public bool MustBeGone
    {
        get
        {
            lock (_lock)
            {
                return _seenGone || _state is FileState.Refused or FileState.Deleted;
            }
        }
    }

    public void Acknowledge(Guid id)
    {
        Id = id;
        Move(FileState.Acknowledged, FileState.Uploading);
    }

    public void Refuse() => Move(FileState.Refused, FileState.Uploading);

    public void Lose() => Move(FileState.Unknown, FileState.Uploading);

    /// <summary>Learns the id of a file whose upload's answer was lost.</summary>
    public void Find(Guid id) => Id = id;

    /// <summary>Takes the file for a delete, so that two clients never delete the same one.</summary>
    public bool TryBeginDelete()
    {
        lock (_lock)
        {
            if (_state != FileState.Acknowledged)
            {
                return false;
            }

            _state = FileState.Deleting;
            return true;
        }
    }

    public void EndDelete() => Move(FileState.Deleted, FileState.Deleting);

    public void LoseDelete() => Move(FileState.DeleteUnknown, FileState.Deleting);

    /// <summary>Remembers that the file was found gone where that is allowed: it must not come back.</summary>
    public void SeeGone()
    {
        lock (_lock)
        {
            _seenGone = true;
        }
    }

    public override string ToString() => $"{Name} ({Size} bytes, {State}{(Id is { } id ? $", id {id}" : "")})";

    private void Move(FileState to, FileState from)
    {
        lock (_lock)
        {
            if (_state != from)
            {
                throw new InvalidOperationException($"{Name} is {_state}, not {from}.");
            }

            _state = to;
        }
    }
}
