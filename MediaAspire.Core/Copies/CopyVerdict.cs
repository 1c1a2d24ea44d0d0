namespace MediaAspire.Core.Copies;

/// <summary>The outcome of having a copy read back by its server.</summary>
public enum CopyVerdict
{
    /// <summary>Every block and the SHA-256 are right.</summary>
    Intact,

    /// <summary>The server has it, and it is damaged.</summary>
    Corrupt,

    /// <summary>The server does not have it.</summary>
    Missing,

    /// <summary>The server could not be asked.</summary>
    Unreachable,

    /// <summary>The server could not decide, or its report does not count now.</summary>
    Undecided,

    /// <summary>The copy has ceased to count as stored meanwhile: deleted, moved, or verified by another process.</summary>
    Settled,
}
