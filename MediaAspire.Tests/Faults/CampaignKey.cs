namespace MediaAspire.Tests.Faults;

/// <summary>The content of one put. Its number determines its bytes and is sent with them as metadata.</summary>
/// <param name="Number">The number, which is unique in the campaign.</param>
/// <param name="Size">The number of bytes.</param>
internal sealed record CampaignContent(long Number, int Size);

/// <summary>A key of the campaign's bucket and its permitted contents. One writer at a time, any number of readers. Thread-safe.</summary>
/// <remarks>
/// Every write adds a value. A successful write ends all earlier values, and a refused one is withdrawn. A write without a response
/// remains possible beside the earlier value until a reader sees it. Its key is not written again, as the write may be in progress.
/// </remarks>
internal sealed class CampaignKey(string name)
{
    private readonly Lock _lock = new();
    private readonly List<Value> _values = [new(null)];
    private Value? _pending;
    private bool _isUnknown;
    private long _now;

    public string Name { get; } = name;

    /// <summary>Gets the content of the key; null if it is absent, uncertain, or being written.</summary>
    public CampaignContent? Certain
    {
        get
        {
            lock (_lock)
            {
                return _pending is null && !_isUnknown ? _values[^1].Content : null;
            }
        }
    }

    /// <summary>Gets the state of the key, as far as its writers know it.</summary>
    public CampaignKeyState State
    {
        get
        {
            lock (_lock)
            {
                return _pending is not null ? CampaignKeyState.Writing
                    : _isUnknown ? CampaignKeyState.Unknown
                    : _values[^1].Content is null ? CampaignKeyState.Absent
                    : CampaignKeyState.Stored;
            }
        }
    }

    /// <summary>Reserves the key for a write; null deletes.</summary>
    /// <returns>False during another write, and after a write without a response.</returns>
    public bool TryBegin(CampaignContent? content)
    {
        lock (_lock)
        {
            if (_pending is not null || _isUnknown)
            {
                return false;
            }

            _pending = new(content);
            _values.Add(_pending);
            return true;
        }
    }

    /// <summary>Ends a write that succeeded: later reads may see only its content.</summary>
    public void Acknowledge()
    {
        lock (_lock)
        {
            EndBefore(_pending!);
            _pending = null;
        }
    }

    /// <summary>Ends a write that was refused or truncated by the client: its content must not become visible.</summary>
    /// <exception cref="CampaignViolationException">The content has already been seen.</exception>
    public void Refuse()
    {
        lock (_lock)
        {
            var refused = _pending!;
            _pending = null;
            refused.EndedAt = ++_now;
            _values.Remove(refused);
            _values.Insert(_values.Count - 1, refused);
            if (refused.WasSeen)
            {
                throw new CampaignViolationException($"{Describe(refused)} was seen under {Name}, though its write was refused.");
            }
        }
    }

    /// <summary>Ends a write without a response: it may take effect now, later or never.</summary>
    public void Lose()
    {
        lock (_lock)
        {
            _isUnknown = true;
            _pending = null;
        }
    }

    /// <summary>Begins a read.</summary>
    /// <returns>The argument for <see cref="See"/>.</returns>
    public long BeginRead()
    {
        lock (_lock)
        {
            return ++_now;
        }
    }

    /// <summary>Finds the content with the given number among all that were sent to the key.</summary>
    public CampaignContent? Find(long number)
    {
        lock (_lock)
        {
            return _values.Find(value => value.Content?.Number == number)?.Content;
        }
    }

    /// <summary>Compares the result of a read with the contents that were possible since it began.</summary>
    /// <param name="since">The time at which it began.</param>
    /// <param name="seen">The content that was read; null if the key was absent.</param>
    /// <exception cref="CampaignViolationException">The content was not possible.</exception>
    public void See(long since, CampaignContent? seen)
    {
        lock (_lock)
        {
            var value = _values.Find(value => value.Content == seen && (value.EndedAt is not { } ended || ended > since));
            if (value is null)
            {
                throw new CampaignViolationException($"{(seen is null ? "Nothing" : Describe(new(seen)))} was seen under {this}.");
            }

            value.WasSeen = true;

            // Once a value was seen, the earlier ones must not reappear.
            EndBefore(value);
        }
    }

    public override string ToString()
    {
        lock (_lock)
        {
            return $"{Name} ({string.Join(", ", _values.Select(value => Describe(value) + (value.EndedAt is null ? "" : " once")))})";
        }
    }

    private static string Describe(Value value) =>
        value.Content is { } content ? $"content {content.Number} of {content.Size} bytes" : "nothing";

    private void EndBefore(Value value)
    {
        ++_now;
        foreach (var before in _values.TakeWhile(each => each != value))
        {
            before.EndedAt ??= _now;
        }
    }

    private sealed class Value(CampaignContent? content)
    {
        public CampaignContent? Content { get; } = content;

        /// <summary>Gets the time from which new reads must not see the value; null while they may.</summary>
        public long? EndedAt { get; set; }

        public bool WasSeen { get; set; }
    }
}

/// <summary>The state of a key, as far as its writers know it.</summary>
internal enum CampaignKeyState
{
    /// <summary>The key was never written, or its last deletion succeeded.</summary>
    Absent,

    /// <summary>The last put succeeded.</summary>
    Stored,

    /// <summary>A write is in progress.</summary>
    Writing,

    /// <summary>The last write had no response.</summary>
    Unknown,
}
