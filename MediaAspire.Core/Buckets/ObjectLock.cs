namespace MediaAspire.Core.Buckets;

/// <summary>What keeps a version from being deleted.</summary>
/// <param name="Retention">Until when it is kept, which may be over; <see langword="null"/> for no time.</param>
/// <param name="LegalHold">Whether it is held until somebody lifts that; <see langword="null"/> where that was never set.</param>
public sealed record ObjectLock(Retention? Retention, bool? LegalHold);

/// <summary>Until when a version is kept.</summary>
/// <param name="Mode">Who may delete it before.</param>
/// <param name="Until">The time, in whole milliseconds.</param>
public sealed record Retention(RetentionMode Mode, DateTimeOffset Until);

/// <summary>Who may delete a version before its time.</summary>
public enum RetentionMode
{
    /// <summary>Who has the right to bypass it, and says so.</summary>
    Governance,

    /// <summary>Nobody.</summary>
    Compliance,
}

/// <summary>The names of modes, in the database and on the wire.</summary>
public static class RetentionModes
{
    private const string Governance = "GOVERNANCE";
    private const string Compliance = "COMPLIANCE";

    extension(RetentionMode mode)
    {
        /// <summary>Gets the mode's name.</summary>
        public string Name => mode == RetentionMode.Compliance ? Compliance : Governance;
    }

    /// <summary>Finds the mode of a name; case matters.</summary>
    public static RetentionMode? Find(string? name) => name switch
    {
        Governance => RetentionMode.Governance,
        Compliance => RetentionMode.Compliance,
        _ => null,
    };
}
