namespace MediaAspire.Core.Images.Migration;

/// <summary>The outcomes of an attempt to move a blob.</summary>
public enum MoveOutcome
{
    Moved,

    /// <summary>The blob is gone, is in its target already, or the migration does not run any more.</summary>
    NotWanted,
}

/// <summary>The steps of a move, as tests interrupt them.</summary>
internal enum MoveStep
{
    /// <summary>The bytes were read and hashed.</summary>
    Read,

    /// <summary>The row of an object exists, and the object does not.</summary>
    Recorded,

    /// <summary>The chunks of a file are on stable storage, and the file is not visible.</summary>
    Written,

    /// <summary>The copy and its row exist.</summary>
    Copied,

    /// <summary>The copy was read back.</summary>
    Verified,

    /// <summary>The copy has the place of the original.</summary>
    Switched,
}
