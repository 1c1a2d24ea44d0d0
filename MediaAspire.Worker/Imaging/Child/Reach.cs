using System.Net.Sockets;

namespace MediaAspire.Worker.Imaging.Child;

/// <summary>Finds out what this process can reach, by trying it: so the log is right whatever the kernel is said to do.</summary>
internal static class Reach
{
    /// <summary>Determines whether files can be read that have nothing to do with pictures.</summary>
    public static bool HasFiles()
    {
        try
        {
            return Directory.EnumerateFileSystemEntries("/").Any();
        }
        catch (Exception refusal) when (refusal is UnauthorizedAccessException or IOException)
        {
            return false;
        }
    }

    /// <summary>Determines whether a socket can be opened.</summary>
    public static bool HasNetwork()
    {
        try
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
