using System.Runtime.Versioning;
using MediaAspire.AppHost.Data;

namespace MediaAspire.AppHost.Engines.Processes;

/// <summary>An engine's private directory, owned by the account that the engine runs under.</summary>
[UnsupportedOSPlatform("windows")]
internal sealed class EngineDirectory(string path, EngineAccount? account, TimeProvider time)
{
    /// <summary>The directory for engine data when the engine's account cannot enter the data directory.</summary>
    public const string FallbackRoot = "/var/lib/mediaaspire";

    private const UnixFileMode Passage = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    // dcp lets a stopping engine finish; an engine that still runs after this time does not end by itself.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(100);

    /// <summary>Gets the absolute path.</summary>
    public string Path { get; } = path;

    /// <summary>Gets the account that owns the directory; <see langword="null"/> for the AppHost's own.</summary>
    public EngineAccount? Account { get; } = account;

    /// <summary>Chooses the directory that holds all engines' directories.</summary>
    /// <param name="data">The graph's data directory; used if the account can enter it.</param>
    /// <param name="account">The account; <see langword="null"/> for the AppHost's own, which can enter the data directory.</param>
    public static string ChooseRoot(DataDirectory data, EngineAccount? account) =>
        account is null || account.CanReach(data.Path) ? data.Path : System.IO.Path.Combine(FallbackRoot, data.GetId());

    /// <summary>Creates the directory (mode 0700) and its parents (0711), and makes the engine's account its owner.</summary>
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

    /// <summary>Waits for the end of a process that a killed AppHost left running in <paramref name="directory"/>.</summary>
    /// <remarks>
    /// dcp notices within seconds that its AppHost has ended, and stops the processes that it started. An engine's working directory is its
    /// data directory.
    /// </remarks>
    /// <exception cref="DistributedApplicationException">The process does not end.</exception>
    public async Task WaitUntilUnusedAsync(string directory, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        while (FindUser(directory) is { } processId)
        {
            if (time.GetElapsedTime(started) > s_patience)
            {
                throw new DistributedApplicationException(
                    $"Process {processId} still uses '{directory}'. Stop it, or choose another directory with --Data:Directory=PATH.");
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
            // The process ended meanwhile, or belongs to another user, whose processes cannot use this directory.
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
            throw new DistributedApplicationException($"Changing the owner of '{path}' to '{Account.Name}' failed: {result.Error.Trim()}");
        }
    }
}
