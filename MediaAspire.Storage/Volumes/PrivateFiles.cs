using Microsoft.Win32.SafeHandles;

namespace MediaAspire.Storage.Volumes;

/// <summary>Files and directories that only the node's own user can read, whatever the process's umask is.</summary>
/// <remarks>On Windows, where they inherit the permissions of the data directory, nothing is changed.</remarks>
internal static class PrivateFiles
{
    private const UnixFileMode PrivateFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode PrivateDirectory = PrivateFile | UnixFileMode.UserExecute;

    /// <summary>Creates a directory with mode 0700, or gives an existing one that mode.</summary>
    /// <returns><see langword="false"/> when an existing directory belongs to another user, and keeps its mode.</returns>
    public static bool CreateDirectory(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
            return true;
        }

        Directory.CreateDirectory(path, PrivateDirectory);
        return TrySetMode(path, PrivateDirectory);
    }

    /// <summary>Gives an existing file the mode 0600.</summary>
    /// <returns><see langword="false"/> when it belongs to another user, and keeps its mode.</returns>
    public static bool Protect(string path) => OperatingSystem.IsWindows() || TrySetMode(path, PrivateFile);

    /// <summary>Gives a file that this process has created the mode 0600.</summary>
    public static void Protect(SafeFileHandle file)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(file, PrivateFile);
        }
    }

    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    private static bool TrySetMode(string path, UnixFileMode mode)
    {
        if (File.GetUnixFileMode(path) == mode)
        {
            return true;
        }

        try
        {
            File.SetUnixFileMode(path, mode);
            return true;
        }
        catch (UnauthorizedAccessException)
        {
            return false;
        }
    }
}
