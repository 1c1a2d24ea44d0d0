namespace MediaAspire.Core.Copies;

/// <summary>The outcome of an attempt to make one more copy of a chunk.</summary>
public enum CopyOutcome
{
    /// <summary>The copy is on stable storage, verified and recorded.</summary>
    Stored,

    /// <summary>The server has a readable copy already; nothing was done.</summary>
    AlreadyStored,

    /// <summary>The file was deleted, or is not complete.</summary>
    Gone,

    /// <summary>Another copy of this chunk is being made, or the server's old copy is being removed. Try again later.</summary>
    Busy,

    /// <summary>The server does not accept copies, because it is not online.</summary>
    Unfit,

    /// <summary>No readable copy is left to copy from.</summary>
    NoSource,

    /// <summary>Another worker has finished or ended this copy meanwhile.</summary>
    Lost,

    /// <summary>The servers failed; the result has the reason.</summary>
    Failed,
}
