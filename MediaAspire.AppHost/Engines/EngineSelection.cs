namespace MediaAspire.AppHost.Engines;

/// <summary>Which engines a graph uses, and why.</summary>
/// <param name="UseContainers">Containers rather than processes.</param>
/// <param name="Reason">One sentence for the log.</param>
/// <param name="Runtime">The container runtime that answered; <see langword="null"/> if none was asked or none did.</param>
internal sealed record EngineSelection(bool UseContainers, string Reason, ContainerRuntime? Runtime)
{
    /// <summary>Decides.</summary>
    /// <param name="choice">What the configuration asks for.</param>
    /// <param name="isPublishMode">Whether the graph is published rather than run; what is published always has containers.</param>
    /// <param name="findRuntime">Asks the machine for a container runtime; called at most once, and only where it matters.</param>
    /// <exception cref="DistributedApplicationException">Containers are asked for and the Docker command line is too old.</exception>
    public static EngineSelection Select(EngineChoice choice, bool isPublishMode, Func<ContainerRuntime?> findRuntime)
    {
        if (isPublishMode)
        {
            return new EngineSelection(UseContainers: true, "Publishing: engines are containers.", Runtime: null);
        }

        if (choice == EngineChoice.Processes)
        {
            return new EngineSelection(UseContainers: false, "Engines run as processes, as configured.", Runtime: null);
        }

        var runtime = findRuntime();
        if (choice == EngineChoice.Containers)
        {
            // A runtime that does not answer yet is left to Aspire, which waits for it and shows the state in the dashboard.
            return runtime is { IsRecentEnough: false }
                ? throw new DistributedApplicationException(
                    $"Engines is 'containers', but the docker command line is version {runtime.ClientMajor}; Aspire needs {ContainerRuntime.OldestDocker} or later. "
                    + "Install a newer docker command line first in the PATH, or start with --Engines=processes.")
                : new EngineSelection(UseContainers: true, "Engines run as containers, as configured.", runtime);
        }

        return runtime switch
        {
            null => new EngineSelection(UseContainers: false, "Engines run as processes: no container runtime answered.", null),
            { IsRecentEnough: false } => new EngineSelection(
                UseContainers: false,
                $"Engines run as processes: the docker command line is version {runtime.ClientMajor}, Aspire needs {ContainerRuntime.OldestDocker} or later.",
                runtime),
            _ => new EngineSelection(UseContainers: true, $"Engines run as containers: {runtime.Command} answered.", runtime),
        };
    }
}
