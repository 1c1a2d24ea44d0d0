using MediaAspire.Worker.Imaging;
using Microsoft.Extensions.Options;

namespace MediaAspire.Worker.Variants;

/// <summary>Temporary files in a directory of this process. The directories of dead processes are removed at the start.</summary>
/// <remarks>A process holds a lock on its directory as long as it lives, so that no other one takes it for left behind.</remarks>
internal sealed class VariantFiles : IDisposable
{
    private const string Prefix = "variants-";

    private readonly string _directory;
    private readonly FileStream _lock;

    public VariantFiles(IOptions<ImagingOptions> options)
    {
        var root = Directory.CreateDirectory(options.Value.TempDirectory).FullName;
        _directory = Path.Combine(root, $"{Prefix}{Environment.ProcessId}-{Guid.NewGuid():N}");
        _lock = new FileStream(_directory + ".lock", FileMode.CreateNew, FileAccess.Write, FileShare.None);
        Directory.CreateDirectory(_directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        RemoveLeftovers(root);
    }

    /// <summary>Creates the path of a file that does not exist; disposing it deletes the file, if there is one by then.</summary>
    public TemporaryPath New() => new(Path.Combine(_directory, Guid.NewGuid().ToString("N")));

    public void Dispose()
    {
        Directory.Delete(_directory, recursive: true);
        File.Delete(_lock.Name);
        _lock.Dispose();
    }

    private static void RemoveLeftovers(string root)
    {
        foreach (var path in Directory.EnumerateFiles(root, Prefix + "*.lock"))
        {
            try
            {
                // Fails while its process lives.
                using var abandoned = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.None);
                var directory = path[..^".lock".Length];
                if (Directory.Exists(directory))
                {
                    Directory.Delete(directory, recursive: true);
                }

                File.Delete(path);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // It is in use, another worker removes it, or it belongs to another user.
            }
        }
    }
}

/// <summary>The path of a temporary file.</summary>
/// <param name="Path">The path.</param>
internal readonly record struct TemporaryPath(string Path) : IDisposable
{
    public void Dispose() => File.Delete(Path);
}
