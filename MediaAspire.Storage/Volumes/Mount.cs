namespace MediaAspire.Storage.Volumes;

/// <summary>A mounted file system.</summary>
/// <param name="Point">The directory that it is mounted on.</param>
/// <param name="FileSystem">Its kind, for example <c>ext4</c>, <c>overlay</c> or <c>tmpfs</c>.</param>
internal sealed record Mount(string Point, string FileSystem)
{
    /// <summary>Whether it is the root, which in a container goes with the container.</summary>
    public bool IsRoot => Point == "/";

    /// <summary>Whether it is kept in memory.</summary>
    public bool IsInMemory => FileSystem is "tmpfs" or "ramfs";
}
