namespace MediaAspire.Core.Lifecycle;

/// <summary>Decides which versions and uploads expire by the rules of a bucket.</summary>
public sealed class LifecycleJudge(LifecycleConfiguration configuration, LifecycleClock clock)
{
    private readonly LifecycleRule[] _rules = [.. configuration.Rules.Where(rule => rule.IsEnabled)];

    /// <summary>Gets the ranges of keys whose versions a rule applies to.</summary>
    public IReadOnlyList<KeyRange> VersionRanges =>
        KeyRange.Cover(_rules.Where(rule => rule.ConcernsVersions).Select(rule => rule.Filter.Prefix ?? ""));

    /// <summary>Gets the ranges of keys whose uploads a rule applies to.</summary>
    public IReadOnlyList<KeyRange> UploadRanges =>
        KeyRange.Cover(_rules.Where(rule => rule.AbortUploadDays is not null).Select(rule => rule.Filter.Prefix ?? ""));

    /// <summary>Judges a version.</summary>
    /// <param name="version">The version, with the values that depend on its neighbours.</param>
    /// <param name="now">The database's time.</param>
    /// <returns>The reason why it expires; <see langword="null"/> when it stays.</returns>
    public ExpiryKind? Judge(VersionRecord version, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(version);

        if (!version.IsLatest)
        {
            return !version.IsHeld && _rules.Any(rule => IsNoncurrentDue(rule, version, now)) ? ExpiryKind.Noncurrent : null;
        }

        if (version.IsDeleteMarker)
        {
            return version.IsAlone && _rules.Any(rule => IsMarkerDue(rule, version, now)) ? ExpiryKind.DeleteMarker : null;
        }

        var expiration = configuration.FindExpiration(version.Key, version.Size, version.Tags, version.ModifiedAt, clock);
        return expiration?.At <= now ? ExpiryKind.Current : null;
    }

    /// <summary>Tells whether an upload under way expires.</summary>
    public bool IsUploadDue(string key, DateTimeOffset initiatedAt, DateTimeOffset now) =>
        _rules.Any(rule => rule.AbortUploadDays is { } days && clock.After(initiatedAt, days) <= now && rule.Filter.MatchesBare(key));

    private bool IsNoncurrentDue(LifecycleRule rule, VersionRecord version, DateTimeOffset now) =>
        rule.NoncurrentDays is { } days
        && version.SucceededAt is { } since
        && clock.After(since, days) <= now
        && version.NewerNoncurrent >= (rule.NewerNoncurrentVersions ?? 0)
        && (version.IsDeleteMarker ? rule.Filter.MatchesBare(version.Key) : rule.Filter.Matches(version.Key, version.Size, version.Tags));

    // A rule that expires objects also expires markers of the same age.
    private bool IsMarkerDue(LifecycleRule rule, VersionRecord version, DateTimeOffset now) =>
        (rule.ExpiredDeleteMarker == true
            || (rule.Date ?? (rule.Days is { } days ? clock.After(version.ModifiedAt, days) : DateTimeOffset.MaxValue)) <= now)
        && rule.Filter.MatchesBare(version.Key);
}
