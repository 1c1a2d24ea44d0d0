namespace MediaAspire.Core.Lifecycle;

/// <summary>The reason why a version expires.</summary>
public enum ExpiryKind
{
    /// <summary>It is the current version of its key, and old enough.</summary>
    Current,

    /// <summary>It has been noncurrent for long enough.</summary>
    Noncurrent,

    /// <summary>It is a delete marker with nothing left to hide.</summary>
    DeleteMarker,
}
