namespace MediaAspire.Tests.Harness;

/// <summary>Temporary data directories for graphs.</summary>
internal static class DataDirectories
{
    /// <summary>Creates a directory that engines without root can traverse; other temporary directories are private.</summary>
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
