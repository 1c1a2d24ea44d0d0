using System.Runtime.Versioning;
using MediaAspire.AppHost.Data;

namespace MediaAspire.AppHost.Engines;

/// <summary>An engine's private directory, owned by the account that the engine runs under.</summary>
[UnsupportedOSPlatform("windows")]
internal sealed class EngineDirectory(string path, EngineAccount? account, TimeProvider time)
{
    /// <summary>Where engine data goes when the engine's account cannot reach the data directory.</summary>
    public const string FallbackRoot = "/var/lib/mediaaspire";

    private const UnixFileMode Passage = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    // dcp lets a stopping engine finish; one that still runs after this long will not go by itself.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(100);

    /// <summary>The absolute path.</summary>
    public string Path { get; } = path;

    /// <summary>The account that owns the directory; <see langword="null"/> for the AppHost's own.</summary>
    public EngineAccount? Account { get; } = account;

    /// <summary>Chooses the directory that holds all engines' directories.</summary>
    /// <param name="data">The graph's data directory; engines live there if their account can get there.</param>
    /// <param name="account">The account, or <see langword="null"/> for the AppHost's own, which reaches its own directory.</param>
    public static string ChooseRoot(DataDirectory data, EngineAccount? account) =>
        account is null || account.CanReach(data.Path) ? data.Path : System.IO.Path.Combine(FallbackRoot, data.GetId());

    /// <summary>Creates the directory (mode 0700) below passages (0711) and gives it to the engine's account.</summary>
    public async Task CreateAsync(CancellationToken cancellationToken)
    {
        var parent = System.IO.Path.GetDirectoryName(Path)!;
        Directory.CreateDirectory(parent, Account is null ? Private : Passage);
        Directory.CreateDirectory(Path, Private);
        await GiveAsync(Path, cancellationToken);
    }

    /// <summary>Writes a file that only the engine's account can read (mode 0600).</summary>
    public async Task WriteSecretAsync(string name, string content, CancellationToken cancellationToken)
    {
        var file = System.IO.Path.Combine(Path, name);
        File.Delete(file);
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        };
        await using (var writer = new StreamWriter(file, options))
        {
            await writer.WriteAsync(content.AsMemory(), cancellationToken);
        }

        await GiveAsync(file, cancellationToken);
    }

    /// <summary>Waits for a process that still works in <paramref name="directory"/>, left over by an AppHost that was killed.</summary>
    /// <remarks>dcp notices within seconds that its AppHost is gone, and stops what it started; engines keep their data directory as working directory.</remarks>
    /// <exception cref="DistributedApplicationException">The process does not go.</exception>
    public async Task WaitUntilUnusedAsync(string directory, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        while (FindUser(directory) is { } processId)
        {
            if (time.GetElapsedTime(started) > s_patience)
            {
                throw new DistributedApplicationException(
                    $"Process {processId} still uses {directory}. Stop it, or choose another directory with --Data:Directory=PATH.");
            }

            await Task.Delay(s_interval, time, cancellationToken);
        }
    }

    private static string? FindUser(string directory) =>
        OperatingSystem.IsLinux()
            ? Directory.EnumerateDirectories("/proc")
                .Select(System.IO.Path.GetFileName)
                .FirstOrDefault(name => char.IsAsciiDigit(name![0]) && WorkingDirectory(name) == directory)
            : null;

    private static string? WorkingDirectory(string processId)
    {
        try
        {
            return new FileInfo($"/proc/{processId}/cwd").LinkTarget;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // It ended meanwhile, or belongs to somebody else, who then cannot be using a directory of ours.
            return null;
        }
    }

    private async Task GiveAsync(string path, CancellationToken cancellationToken)
    {
        if (Account is null)
        {
            return;
        }

        var result = await ChildProcess.RunAsync("/bin/chown", [$"{Account.UserId}:{Account.GroupId}", path], cancellationToken);
        if (result.ExitCode != 0)
        {
            throw new DistributedApplicationException($"{path} could not be given to {Account.Name}: {result.Error.Trim()}");
        }
    }
}
