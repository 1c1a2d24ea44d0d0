namespace MediaAspire.Core.Integrity;

/// <summary>The kinds of findings about a stored chunk.</summary>
public enum IntegrityKind
{
    /// <summary>A complete file's chunk without a live copy: it can't be read unless a server or a copy comes back.</summary>
    Lost,

    /// <summary>A complete file's chunk with live copies, but fewer than its file asks for.</summary>
    UnderReplicated,

    /// <summary>A copy that its server does not have.</summary>
    Missing,

    /// <summary>A copy that was read back and found damaged.</summary>
    Corrupt,

    /// <summary>A chunk on a server's disk that no row knows.</summary>
    Untracked,

    /// <summary>A file among a server's chunks whose footer is missing or damaged.</summary>
    Damaged,
}
