namespace MediaAspire.Core.Buckets;

/// <summary>The lock that keeps a version from being deleted.</summary>
/// <param name="Retention">Its retention, which may have expired; <see langword="null"/> for none.</param>
/// <param name="LegalHold">A value indicating whether it has a legal hold; <see langword="null"/> when that was never set.</param>
public sealed record ObjectLock(Retention? Retention, bool? LegalHold);

/// <summary>The retention of a version.</summary>
/// <param name="Mode">The permission to delete it before.</param>
/// <param name="Until">The time of its expiry, in whole milliseconds.</param>
public sealed record Retention(RetentionMode Mode, DateTimeOffset Until);

/// <summary>The permission to delete a version before its retention expires.</summary>
public enum RetentionMode
{
    /// <summary>Only senders with the permission to bypass it, who ask for that.</summary>
    Governance,

    /// <summary>No one.</summary>
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
