namespace MediaAspire.Core.Media;

/// <summary>The states of an item. The database stores the numbers.</summary>
public enum MediaStatus
{
    /// <summary>At least one part is not uploaded or not verified.</summary>
    Pending = 1,

    /// <summary>Every part is verified; processing has not begun.</summary>
    Uploaded = 2,

    /// <summary>Processing has succeeded.</summary>
    Ready = 3,

    /// <summary>Processing runs, or waits for its next attempt.</summary>
    Processing = 4,

    /// <summary>Processing has failed as often as it may.</summary>
    Failed = 5,
}
