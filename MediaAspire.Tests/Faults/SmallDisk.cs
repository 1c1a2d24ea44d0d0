using System.Diagnostics;
using System.Globalization;

namespace MediaAspire.Tests.Faults;

/// <summary>A file system of limited size in memory, for a node whose disk is to be filled. Needs the right to mount.</summary>
internal sealed class SmallDisk : IAsyncDisposable
{
    private const string BallastName = "ballast";
    private const int PieceBytes = 1024 * 1024;

    private readonly string _directory;

    private SmallDisk(string directory) => _directory = directory;

    /// <summary>Mounts one at <paramref name="directory"/>, which is made.</summary>
    /// <returns>Null and the reason when this process may not.</returns>
    public static async Task<(SmallDisk? Disk, string? Reason)> TryMountAsync(string directory, int mebibytes)
    {
        Directory.CreateDirectory(directory);
        var size = string.Create(CultureInfo.InvariantCulture, $"size={mebibytes}m");
        var error = await RunAsync("mount", "-t", "tmpfs", "-o", size, "tmpfs", directory);
        return error is null ? (new SmallDisk(directory), null) : (null, error);
    }

    /// <summary>Writes until nothing fits any more.</summary>
    /// <returns>The bytes that were still free.</returns>
    public long Fill()
    {
        var piece = new byte[PieceBytes];
        using var ballast = new FileStream(Path.Combine(_directory, BallastName), FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0);
        while (true)
        {
            try
            {
                ballast.Write(piece);
            }
            catch (IOException)
            {
                // No space left: what was wanted.
                return ballast.Length;
            }
        }
    }

    /// <summary>Gives the space back.</summary>
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
