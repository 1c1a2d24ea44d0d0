using System.Diagnostics;
using System.Globalization;

namespace MediaAspire.Tests.Faults;

/// <summary>A file system of limited size in memory, for a node whose disk is to be filled. Requires the permission to mount.</summary>
internal sealed class SmallDisk : IAsyncDisposable
{
    private const string BallastName = "ballast";
    private const int PieceBytes = 1024 * 1024;

    private readonly string _directory;

    private SmallDisk(string directory) => _directory = directory;

    /// <summary>Creates <paramref name="directory"/> and mounts a disk there.</summary>
    /// <returns>The disk; null and the reason if this process may not mount one.</returns>
    public static async Task<(SmallDisk? Disk, string? Reason)> TryMountAsync(string directory, int mebibytes)
    {
        Directory.CreateDirectory(directory);
        var size = string.Create(CultureInfo.InvariantCulture, $"size={mebibytes}m");
        var error = await RunAsync("mount", "-t", "tmpfs", "-o", size, "tmpfs", directory);
        return error is null ? (new SmallDisk(directory), null) : (null, error);
    }

    /// <summary>Fills the disk.</summary>
    /// <returns>The number of bytes that were free.</returns>
    public long Fill()
    {
        var piece = new byte[PieceBytes];
        using var ballast = new FileStream(
            Path.Combine(_directory, BallastName), FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0);
        while (true)
        {
            try
            {
                ballast.Write(piece);
            }
            catch (IOException)
            {
                // The disk is full, as intended.
                return ballast.Length;
            }
        }
    }

    /// <summary>Frees the space.</summary>
    public void Empty() => File.Delete(Path.Combine(_directory, BallastName));

    public async ValueTask DisposeAsync()
    {
        if (await RunAsync("umount", _directory) is { } error)
        {
            throw new InvalidOperationException($"{_directory} could not be unmounted: {error}");
        }
    }

    private static async Task<string?> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        var error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? null : error.Trim();
    }
}
