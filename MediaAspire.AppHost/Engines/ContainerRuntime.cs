using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace MediaAspire.AppHost.Engines;

/// <summary>A container command line that answered, with the engine behind it.</summary>
/// <param name="Command">The program: <c>docker</c> or <c>podman</c>.</param>
/// <param name="ClientMajor">Major version of the command line.</param>
internal sealed record ContainerRuntime(string Command, int ClientMajor)
{
    /// <summary>Oldest Docker command line that Aspire's orchestrator works with.</summary>
    public const int OldestDocker = 25;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    /// <summary>Whether Aspire can drive it.</summary>
    public bool IsRecentEnough => Command != "docker" || ClientMajor >= OldestDocker;

    /// <summary>Asks the configured runtime, or else Docker and then Podman, whether an engine answers.</summary>
    /// <returns>The first that answers; <see langword="null"/> if none does within a few seconds.</returns>
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
        // Sample answer: "28.2.2 20.10.24+dfsg1"; Podman without a service has no server and answers by its client alone.
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
