using MediaAspire.Storage.Volumes;

namespace MediaAspire.Storage.Chunks;

/// <summary>Small private text files that survive a crash whole: a reader finds the old text or the new one, never a part.</summary>
internal static class DurableFile
{
    /// <summary>Creates or replaces a file. Returns when that is on stable storage.</summary>
    /// <exception cref="IOException">Writing failed; the old text stays.</exception>
    public static void Replace(string path, string text)
    {
        // The file gets its name last, so that a crash cannot leave half a text under it.
        var unfinished = path + ".new";
        using (var file = new FileStream(unfinished, FileMode.Create, FileAccess.Write))
        {
            PrivateFiles.Protect(file.SafeFileHandle);
            file.Write(System.Text.Encoding.ASCII.GetBytes(text));
            file.Flush(flushToDisk: true);
        }

        File.Move(unfinished, path, overwrite: true);
        StableStorage.FlushDirectory(Path.GetDirectoryName(path)!);
    }
}
