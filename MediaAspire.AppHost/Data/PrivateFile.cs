using System.Text;

namespace MediaAspire.AppHost.Data;

/// <summary>Files that only the user of the AppHost may read.</summary>
internal static class PrivateFile
{
    /// <summary>Writes a file of ASCII characters (mode 0600), or replaces it. After a crash it is whole or absent.</summary>
    public static void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        // Under another name until it is on the disk: with half a secret, the data could never be opened again.
        var draft = path + ".new";
        File.Delete(draft);
        using (var file = new FileStream(draft, options))
        {
            file.Write(Encoding.ASCII.GetBytes(text));
            file.Flush(flushToDisk: true);
        }

        File.Move(draft, path, overwrite: true);
    }
}
