using MediaAspire.AppHost.Settings;

namespace MediaAspire.AppHost.Engines;

/// <summary>The engines of a graph, with the reason for the choice.</summary>
/// <param name="UseContainers">Containers rather than processes.</param>
/// <param name="Reason">One sentence for the log.</param>
/// <param name="Runtime">The container runtime that responded; <see langword="null"/> without one, or if it was not looked for.</param>
internal sealed record EngineSelection(bool UseContainers, string Reason, ContainerRuntime? Runtime)
{
    /// <summary>Chooses the engines.</summary>
    /// <param name="choice">The configured choice.</param>
    /// <param name="isPublishMode">True when the graph is published instead of run; a published graph always has containers.</param>
    /// <param name="findRuntime">Finds a container runtime; called at most once, and only if the choice depends on it.</param>
    /// <exception cref="DistributedApplicationException">Containers are configured and the Docker command line is too old.</exception>
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
            // Aspire itself waits for a runtime that does not respond yet, and shows the state in the dashboard.
            return runtime is { IsRecentEnough: false }
                ? throw new DistributedApplicationException(
                    $"Engines is 'containers', but the docker command line is version {runtime.ClientMajor}; Aspire needs "
                    + $"{ContainerRuntime.OldestDocker} or later. Put a newer one first in the PATH, or use --Engines=processes.")
                : new EngineSelection(UseContainers: true, "Engines run as containers, as configured.", runtime);
        }

        return runtime switch
        {
            null => new EngineSelection(UseContainers: false, "Engines run as processes: no container runtime responded.", null),
            { IsRecentEnough: false } => new EngineSelection(
                UseContainers: false,
                $"Engines run as processes: the docker command line is version {runtime.ClientMajor}; "
                + $"Aspire needs {ContainerRuntime.OldestDocker} or later.",
                runtime),
            _ => new EngineSelection(UseContainers: true, $"Engines run as containers: {runtime.Command} responded.", runtime),
        };
    }
}
