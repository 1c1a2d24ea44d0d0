namespace MediaAspire.Storage.Chunks;

/// <summary>The reason why a chunk is in the trash.</summary>
public enum TrashReason
{
    /// <summary>Its copy was to be removed: its file was deleted or failed, or the copy was moved or surplus.</summary>
    Removed,

    /// <summary>No row of the database knew it.</summary>
    Unknown,
}
