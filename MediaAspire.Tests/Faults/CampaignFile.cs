namespace MediaAspire.Tests.Faults;

/// <summary>The state of a file, as far as the clients know it.</summary>
internal enum FileState
{
    /// <summary>The upload is in progress.</summary>
    Uploading,

    /// <summary>The upload succeeded: the file must be readable and complete until a deletion begins.</summary>
    Acknowledged,

    /// <summary>The upload was refused or truncated by the client: the file must never become visible.</summary>
    Refused,

    /// <summary>The response was lost: the file is complete or absent.</summary>
    Unknown,

    /// <summary>A deletion is in progress.</summary>
    Deleting,

    /// <summary>The deletion succeeded: the file must never become visible again.</summary>
    Deleted,

    /// <summary>The response to a deletion was lost: the file is complete or absent.</summary>
    DeleteUnknown,
}

/// <summary>A file of the campaign and its known state. Thread-safe.</summary>
internal sealed class CampaignFile(long number, int size, string sha256)
{
    private readonly Lock _lock = new();
    private FileState _state = FileState.Uploading;
    private bool _seenGone;

    /// <summary>Gets the number of the file, which determines its bytes.</summary>
    public long Number { get; } = number;

    public int Size { get; } = size;

    public string Sha256 { get; } = sha256;

    /// <summary>Gets the unique name of the file, which finds it if the response with its id was lost.</summary>
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

    /// <summary>Sets the id of a file whose upload had no response.</summary>
    public void Find(Guid id) => Id = id;

    /// <summary>Reserves the file for a deletion, so that two clients never delete the same one.</summary>
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

    /// <summary>Records that the file was absent, where that is allowed: it must not reappear.</summary>
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
