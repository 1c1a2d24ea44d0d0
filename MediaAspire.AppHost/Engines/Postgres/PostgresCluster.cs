using System.Globalization;
using System.Runtime.Versioning;
using MediaAspire.AppHost.Engines.Processes;
using Microsoft.Extensions.Logging;

namespace MediaAspire.AppHost.Engines.Postgres;

/// <summary>A private PostgreSQL data directory, created once and then kept.</summary>
[UnsupportedOSPlatform("windows")]
internal sealed partial class PostgresCluster
{
    private const int MemoryShare = 8;
    private const long LeastBuffersMegabytes = 128;
    private const long MostBuffersMegabytes = 1024;

    private const string PasswordFileName = "initdb.password";

    private readonly EngineDirectory _directory;
    private readonly string _programs;

    /// <summary>Describes the data directory and chooses the programs that open it.</summary>
    /// <param name="directory">The engine's directory; the data is in <c>data</c> below it.</param>
    /// <param name="programs">Directories with <c>initdb</c> and <c>postgres</c>, preferred first.</param>
    public PostgresCluster(EngineDirectory directory, IReadOnlyList<string> programs)
    {
        _directory = directory;
        Path = System.IO.Path.Combine(directory.Path, "data");
        _programs = Choose(programs);
    }

    /// <summary>The data directory.</summary>
    public string Path { get; }

    /// <summary>Gets a value indicating whether the data directory exists.</summary>
    public bool Exists => File.Exists(VersionFile);

    private string VersionFile => System.IO.Path.Combine(Path, "PG_VERSION");

    /// <summary>Gets the command that starts the server, without its port.</summary>
    public IReadOnlyList<string> ServerCommand(int maxConnections) =>
        Command(
            System.IO.Path.Combine(_programs, "postgres"),
            "-D", Path,
            "-c", "listen_addresses=127.0.0.1",
            "-c", "unix_socket_directories=",
            "-c", string.Create(CultureInfo.InvariantCulture, $"max_connections={maxConnections}"),
            "-c", string.Create(CultureInfo.InvariantCulture, $"shared_buffers={SharedBuffersMegabytes()}MB"));

    /// <summary>Creates the data directory; if it exists, checks that the installed server can open it.</summary>
    /// <exception cref="DistributedApplicationException">The directory cannot be created or opened, or another process uses it.</exception>
    public async Task PrepareAsync(string password, ILogger logger, CancellationToken cancellationToken)
    {
        await _directory.CreateAsync(cancellationToken);
        await _directory.WaitUntilUnusedAsync(Path, cancellationToken);
        if (Exists)
        {
            await CheckVersionAsync(cancellationToken);
        }
        else
        {
            await InitializeAsync(password, logger, cancellationToken);
        }
    }

    // Lists of a million items read about a gigabyte of indexes. The server takes memory only for pages that it has read.
    private static long SharedBuffersMegabytes() => Math.Clamp(
        GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / MemoryShare / (1024 * 1024), LeastBuffersMegabytes, MostBuffersMegabytes);

    // Data belongs to one major version. Debian installs several side by side, so the right one may be installed.
    private string Choose(IReadOnlyList<string> programs)
    {
        if (!Exists)
        {
            return programs[0];
        }

        var matching = System.IO.Path.Combine(Executables.DebianPostgres, File.ReadAllText(VersionFile).Trim(), "bin");
        return programs.Contains(matching) ? matching : programs[0];
    }

    private async Task InitializeAsync(string password, ILogger logger, CancellationToken cancellationToken)
    {
        LogInitializing(logger, Path);

        // Under another name first: a directory in which initdb was killed has a PG_VERSION too.
        var unfinished = $"{Path}.new";
        if (Directory.Exists(unfinished))
        {
            Directory.Delete(unfinished, recursive: true);
        }

        await _directory.WriteSecretAsync(PasswordFileName, password, cancellationToken);
        var passwordFile = System.IO.Path.Combine(_directory.Path, PasswordFileName);
        try
        {
            var command = Command(
                System.IO.Path.Combine(_programs, "initdb"),
                "-D", unfinished,
                $"--username={LocalPostgresResource.UserName}",
                $"--pwfile={passwordFile}",
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                OperatingSystem.IsLinux() ? "--locale=C.UTF-8" : "--locale=C",
                "--data-checksums",
                "--no-instructions");
            var result = await ChildProcess.RunAsync(command[0], [.. command.Skip(1)], cancellationToken);
            if (result.ExitCode != 0)
            {
                throw new DistributedApplicationException($"initdb failed to create '{Path}': {result.Error.Trim()}");
            }
        }
        finally
        {
            File.Delete(passwordFile);
        }

        Directory.Move(unfinished, Path);
    }

    private async Task CheckVersionAsync(CancellationToken cancellationToken)
    {
        var data = (await File.ReadAllTextAsync(VersionFile, cancellationToken)).Trim();
        var server = System.IO.Path.Combine(_programs, "postgres");

        // Sample: "postgres (PostgreSQL) 15.13 (Debian 15.13-0+deb12u1)"
        var answer = await ChildProcess.RunAsync(server, ["--version"], cancellationToken);
        var number = answer.Output.Split(' ').FirstOrDefault(word => word.Length > 0 && char.IsAsciiDigit(word[0])) ?? "";
        var major = number.Split('.')[0];
        if (major != data)
        {
            throw new DistributedApplicationException(string.Create(
                CultureInfo.InvariantCulture,
                $"'{Path}' holds data of PostgreSQL {data}, but {server} is version {number}. "
                + $"Install PostgreSQL {data}, migrate the data with pg_upgrade, or delete it with --fresh."));
        }
    }

    private IReadOnlyList<string> Command(params string[] command) => _directory.Account?.Wrap(command) ?? command;

    [LoggerMessage(Level = LogLevel.Information, Message = "Creating the data directory {Path}.")]
    private static partial void LogInitializing(ILogger logger, string path);
}
