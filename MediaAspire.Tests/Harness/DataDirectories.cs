namespace MediaAspire.Tests.Harness;

/// <summary>Temporary data directories for graphs.</summary>
internal static class DataDirectories
{
    /// <summary>Makes one that engines which drop root can reach through; temporary directories are private otherwise.</summary>
    public static DirectoryInfo Create(string prefix)
    {
        var directory = Directory.CreateTempSubdirectory(prefix);
        if (!OperatingSystem.IsWindows())
        {
            directory.UnixFileMode |= UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        }

        return directory;
    }
}
