namespace MediaAspire.Storage.Chunks;

/// <summary>A file in the trash.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Bytes">Length of the file.</param>
/// <param name="Age">The time for which it has been there, by the trash's clock.</param>
public sealed record TrashEntry(TrashName Name, long Bytes, TimeSpan Age);
