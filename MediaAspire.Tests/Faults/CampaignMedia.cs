namespace MediaAspire.Tests.Faults;

/// <summary>The state of a media item, as far as the clients know it.</summary>
internal enum MediaState
{
    /// <summary>A client creates and uploads it.</summary>
    Uploading,

    /// <summary>The store has acknowledged the bytes: the item must become ready, even without another request.</summary>
    Sent,

    /// <summary>Finalizing succeeded: the item must be found with its bytes until a removal begins.</summary>
    Stored,

    /// <summary>The store has refused the bytes, or the client has not sent all: the item must stay pending.</summary>
    Refused,

    /// <summary>A response was lost: the item is absent, pending or whole.</summary>
    Unknown,

    /// <summary>A removal is in progress.</summary>
    Removing,

    /// <summary>The removal succeeded: the item must never be found again.</summary>
    Removed,

    /// <summary>The response to a removal was lost: the item is whole or absent.</summary>
    RemoveUnknown,
}

/// <summary>A media item of the campaign and its known state. Thread-safe.</summary>
internal sealed class CampaignMedia(long number, int size)
{
    public const string Owner = "campaign";

    private readonly Lock _lock = new();
    private MediaState _state = MediaState.Uploading;
    private bool _seenGone;

    /// <summary>Gets the number of the item, which determines its bytes.</summary>
    public long Number { get; } = number;

    public int Size { get; } = size;

    /// <summary>Gets the unique alias of the item, which finds it if the response with its id was lost.</summary>
    public string Alias => $"item-{Number}";

    public Guid? Id { get; set; }

    public MediaState State
    {
        get
        {
            lock (_lock)
            {
                return _state;
            }
        }
    }

    /// <summary>Gets a value indicating whether the item must be found now.</summary>
    public bool MustBeThere => State is MediaState.Stored or MediaState.Sent or MediaState.Refused;

    /// <summary>Gets a value indicating whether the item must have its bytes now.</summary>
    public bool MustBeWhole => State == MediaState.Stored;

    /// <summary>Gets a value indicating whether the item may never be found from now on.</summary>
    public bool MustBeGone
    {
        get
        {
            lock (_lock)
            {
                return _seenGone || _state == MediaState.Removed;
            }
        }
    }

    /// <summary>Ends the upload, or the removal.</summary>
    public void End(MediaState state)
    {
        lock (_lock)
        {
            _state = _state is MediaState.Uploading or MediaState.Removing
                ? state
                : throw new InvalidOperationException($"{Alias} is {_state}.");
        }
    }

    /// <summary>Records that finalizing succeeded after the upload.</summary>
    public void Complete()
    {
        lock (_lock)
        {
            _state = _state is MediaState.Sent or MediaState.Unknown ? MediaState.Stored : _state;
        }
    }

    /// <summary>Reserves the item for a removal, so that two clients never remove the same one.</summary>
    public bool TryBeginRemoval()
    {
        lock (_lock)
        {
            if (_state is not (MediaState.Stored or MediaState.Refused))
            {
                return false;
            }

            _state = MediaState.Removing;
            return true;
        }
    }

    /// <summary>Records that the item was absent, where that is allowed. Only a removed one must not reappear.</summary>
    public void SeeGone()
    {
        lock (_lock)
        {
            _seenGone |= _state is MediaState.Removing or MediaState.RemoveUnknown;
        }
    }

    public override string ToString() => $"{Alias} ({Size} bytes, {State}{(Id is { } id ? $", id {id}" : "")})";
}
