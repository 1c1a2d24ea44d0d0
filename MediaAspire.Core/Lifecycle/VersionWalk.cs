namespace MediaAspire.Core.Lifecycle;

/// <summary>Completes each version of a walk with the values that depend on its neighbours. Holds one version in memory.</summary>
public sealed class VersionWalk
{
    private VersionRecord? _previous;
    private int _newerNoncurrent;

    // The latest version of a key, until it is known whether it is the only one.
    private VersionRecord? _held;

    /// <summary>Adds the next version. Keys come in their order, each key's versions from the newest to the oldest.</summary>
    /// <param name="version">The version.</param>
    /// <param name="complete">Receives the versions that are complete now: none, one or two.</param>
    public void Next(VersionRecord version, ICollection<VersionRecord> complete)
    {
        ArgumentNullException.ThrowIfNull(version);
        ArgumentNullException.ThrowIfNull(complete);

        if (_previous?.Key == version.Key)
        {
            Release(isAlone: false, complete);
            complete.Add(version with { SucceededAt = _previous.ModifiedAt, NewerNoncurrent = _newerNoncurrent });
            _newerNoncurrent += version.IsDeleteMarker ? 0 : 1;
        }
        else
        {
            Release(isAlone: true, complete);
            _newerNoncurrent = 0;
            _held = version;
        }

        _previous = version;
    }

    /// <summary>Ends the walk, or a range of it that shares no key with the next one.</summary>
    /// <param name="complete">Receives the version that was still held back.</param>
    public void End(ICollection<VersionRecord> complete)
    {
        ArgumentNullException.ThrowIfNull(complete);

        Release(isAlone: true, complete);
        _previous = null;
    }

    private void Release(bool isAlone, ICollection<VersionRecord> complete)
    {
        if (_held is { } held)
        {
            complete.Add(held with { IsAlone = isAlone });
            _held = null;
        }
    }
}
