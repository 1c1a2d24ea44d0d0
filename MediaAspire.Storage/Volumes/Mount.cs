namespace MediaAspire.Storage.Volumes;

/// <summary>A mounted file system.</summary>
/// <param name="Point">The mount point.</param>
/// <param name="FileSystem">Its kind, for example <c>ext4</c>, <c>overlay</c> or <c>tmpfs</c>.</param>
internal sealed record Mount(string Point, string FileSystem)
{
    /// <summary>Gets a value indicating whether this is the root, which is deleted with its container.</summary>
    public bool IsRoot => Point == "/";

    /// <summary>Gets a value indicating whether files are kept in memory.</summary>
    public bool IsMemoryBacked => FileSystem is "tmpfs" or "ramfs";
}
