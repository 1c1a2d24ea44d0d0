namespace MediaAspire.Worker.Sweeping;

/// <summary>The reason why chunks that no row knows are left on a server.</summary>
internal enum WithheldReason
{
    /// <summary>The database knows none of the server's chunks.</summary>
    UnknownDisk,

    /// <summary>More than <see cref="SweepingOptions.MaxOrphanShare"/> of the server's chunks are unknown.</summary>
    Share,

    /// <summary>The database was restored from a backup, and no operator has accepted that.</summary>
    Restored,
}
