namespace MediaAspire.Tests.Faults;

/// <summary>The content of one put. Its bytes follow from the number, which is sent with them as metadata.</summary>
/// <param name="Number">Which content it is; no two of a campaign have the same.</param>
/// <param name="Size">Bytes.</param>
internal sealed record CampaignContent(long Number, int Size);

/// <summary>A key of the campaign's bucket, and what may be seen under it. One writer at a time, any readers. Thread-safe.</summary>
/// <remarks>
/// Every write begins a value. An answered one ends all values before it, a refused one never was, and one without answer stays possible
/// beside what was before, until somebody sees it. As such a write may still be under way, its key is not written again.
/// </remarks>
internal sealed class CampaignKey(string name)
{
    private readonly Lock _lock = new();
    private readonly List<Value> _values = [new(null)];
    private Value? _pending;
    private bool _isUnknown;
    private long _now;

    public string Name { get; } = name;

    /// <summary>Gets what is under the key when nobody writes it and that is certain; null as well when there is nothing.</summary>
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

    /// <summary>Gets what the writers know.</summary>
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

    /// <summary>Takes the key for a write; null deletes.</summary>
    /// <returns>False while another one writes it, and once a write's outcome is not known.</returns>
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

    /// <summary>The write was answered with success: only what it wrote may be seen from now on.</summary>
    public void Acknowledge()
    {
        lock (_lock)
        {
            EndBefore(_pending!);
            _pending = null;
        }
    }

    /// <summary>The write was refused, or the client broke it off: what it sent may not be seen.</summary>
    /// <exception cref="CampaignViolationException">It has been seen already.</exception>
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

    /// <summary>The write got no answer: it is done, now or in a moment, or never.</summary>
    public void Lose()
    {
        lock (_lock)
        {
            _isUnknown = true;
            _pending = null;
        }
    }

    /// <summary>Tells that a read begins.</summary>
    /// <returns>The argument for <see cref="See"/>.</returns>
    public long BeginRead()
    {
        lock (_lock)
        {
            return ++_now;
        }
    }

    /// <summary>Gets what has the number among all that was ever sent to the key.</summary>
    public CampaignContent? Find(long number)
    {
        lock (_lock)
        {
            return _values.Find(value => value.Content?.Number == number)?.Content;
        }
    }

    /// <summary>Holds what a read saw against what there was since it began.</summary>
    /// <param name="since">The time at which it began.</param>
    /// <param name="seen">The content that it saw; null for none.</param>
    /// <exception cref="CampaignViolationException">It cannot have been there.</exception>
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

            // What somebody has seen is not taken back.
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

    private static string Describe(Value value) => value.Content is { } content ? $"content {content.Number} of {content.Size} bytes" : "nothing";

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

        /// <summary>Gets the time from which new reads cannot see it; null while they can.</summary>
        public long? EndedAt { get; set; }

        public bool WasSeen { get; set; }
    }
}

/// <summary>The state of a key, as far as its writers know it.</summary>
internal enum CampaignKeyState
{
    /// <summary>There is nothing, or the last delete was answered.</summary>
    Absent,

    /// <summary>The last put was answered.</summary>
    Stored,

    /// <summary>A write is under way.</summary>
    Writing,

    /// <summary>The last write got no answer.</summary>
    Unknown,
}
