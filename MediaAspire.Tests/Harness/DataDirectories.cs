namespace MediaAspire.Tests.Harness;

/// <summary>Temporary data directories for graphs.</summary>
internal static class DataDirectories
{
    private static readonly Lazy<DirectoryInfo> s_ofRun = new(() => Create("mediaaspire-models-"));

    /// <summary>Creates a directory that exists until the end of the test run.</summary>
    /// <remarks>For graphs that are only described: their disposal starts them for a moment, which locks the directory.</remarks>
    public static string CreateForRun()
    {
        var path = Path.Combine(s_ofRun.Value.FullName, Guid.CreateVersion7().ToString("n"));
        Directory.CreateDirectory(path);
        return path;
    }

    /// <summary>Deletes the directories of <see cref="CreateForRun"/>.</summary>
    public static void DeleteThoseOfRun()
    {
        if (s_ofRun.IsValueCreated)
        {
            // Under another name, no graph can add a file meanwhile.
            var path = s_ofRun.Value.FullName;
            Directory.Move(path, path + ".old");
            Directory.Delete(path + ".old", recursive: true);
        }
    }

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
