using System.Globalization;
using MediaAspire.AppHost.Engines.Processes;
using Microsoft.Extensions.Configuration;

namespace MediaAspire.AppHost.Engines;

/// <summary>A container command line whose engine responds.</summary>
/// <param name="Command">The program: <c>docker</c> or <c>podman</c>.</param>
/// <param name="ClientMajor">Major version of the command line.</param>
internal sealed record ContainerRuntime(string Command, int ClientMajor)
{
    /// <summary>Oldest Docker command line that Aspire's orchestrator works with.</summary>
    public const int OldestDocker = 25;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    /// <summary>Gets a value indicating whether Aspire supports this version.</summary>
    public bool IsRecentEnough => Command != "docker" || ClientMajor >= OldestDocker;

    /// <summary>Finds a runtime whose engine responds: the configured one, or else Docker and then Podman.</summary>
    /// <returns>The first runtime that responds; <see langword="null"/> if all fail to within a few seconds.</returns>
    public static ContainerRuntime? Find(IConfiguration configuration)
    {
        var configured = configuration["ASPIRE_CONTAINER_RUNTIME"] ?? configuration["DOTNET_ASPIRE_CONTAINER_RUNTIME"];
        string[] commands = string.IsNullOrEmpty(configured) ? ["docker", "podman"] : [configured];
        return commands.Select(Ask).FirstOrDefault(runtime => runtime is not null);
    }

    private static ContainerRuntime? Ask(string command)
    {
        if (Executables.Find(command) is not { } path)
        {
            return null;
        }

        // The server's version is part of the format so that the command fails when no engine is behind the command line.
        // Sample: "28.2.2 20.10.24+dfsg1". Podman without a service has only a client version.
        string[] arguments = command == "podman"
            ? ["version", "--format", "{{.Client.Version}}"]
            : ["version", "--format", "{{.Client.Version}} {{.Server.Version}}"];
        var answer = ChildProcess.Run(path, arguments, s_patience);
        if (answer is not { ExitCode: 0 })
        {
            return null;
        }

        var major = answer.Output.Split('.', 2)[0].Trim();
        return int.TryParse(major, NumberStyles.None, CultureInfo.InvariantCulture, out var clientMajor)
            ? new ContainerRuntime(command, clientMajor)
            : null;
    }
}
