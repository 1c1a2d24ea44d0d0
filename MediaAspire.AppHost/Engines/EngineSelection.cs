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
    /// <param name="kept">The kind of engines that hold the data; <see langword="null"/> without data, or when the data is deleted.</param>
    /// <param name="dataDirectory">The directory of the data, for messages.</param>
    /// <param name="findRuntime">Finds a container runtime; called at most once, and only if the choice depends on it.</param>
    /// <exception cref="DistributedApplicationException">
    /// The data is with engines of the other kind than the configured one, or with engines that cannot run here.
    /// </exception>
    public static EngineSelection Select(
        EngineChoice choice, bool isPublishMode, EngineChoice? kept, string dataDirectory, Func<ContainerRuntime?> findRuntime)
    {
        if (isPublishMode)
        {
            return new EngineSelection(UseContainers: true, "Publishing: engines are containers.", Runtime: null);
        }

        if (kept is { } kind && choice != EngineChoice.Auto && choice != kind)
        {
            throw new DistributedApplicationException(
                $"Engines is '{Text(choice)}', but the data in '{dataDirectory}' is with engines as {Text(kind)}: the graph would start "
                + $"with an empty database. {Ways(kind)}");
        }

        return kept switch
        {
            EngineChoice.Processes => new EngineSelection(UseContainers: false, "Engines run as processes, as at the first start.", null),
            EngineChoice.Containers => SelectKeptContainers(choice, dataDirectory, findRuntime()),
            _ => SelectFirst(choice, findRuntime),
        };
    }

    private static EngineSelection SelectFirst(EngineChoice choice, Func<ContainerRuntime?> findRuntime)
    {
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
                    $"Engines is 'containers', but {TooOld(runtime)}. Put a newer one first in the PATH, or use --Engines=processes.")
                : new EngineSelection(UseContainers: true, "Engines run as containers, as configured.", runtime);
        }

        return runtime switch
        {
            null => new EngineSelection(UseContainers: false, "Engines run as processes: no container runtime responded.", null),
            { IsRecentEnough: false } => new EngineSelection(
                UseContainers: false, $"Engines run as processes: {TooOld(runtime)}.", runtime),
            _ => new EngineSelection(UseContainers: true, $"Engines run as containers: {runtime.Command} responded.", runtime),
        };
    }

    private static EngineSelection SelectKeptContainers(EngineChoice choice, string dataDirectory, ContainerRuntime? runtime) =>
        runtime switch
        {
            null when choice == EngineChoice.Auto => throw new DistributedApplicationException(
                $"The data in '{dataDirectory}' is with engines as containers, and no container runtime responds. Start docker or podman. "
                + Ways(EngineChoice.Containers)),
            { IsRecentEnough: false } => throw new DistributedApplicationException(
                $"The data in '{dataDirectory}' is with engines as containers, but {TooOld(runtime)}. Put a newer one first in the PATH. "
                + Ways(EngineChoice.Containers)),
            _ => new EngineSelection(UseContainers: true, "Engines run as containers, as at the first start.", runtime),
        };

    private static string Ways(EngineChoice kept) =>
        $"Use --Engines={Text(kept)} to keep this data, --Data:Directory=PATH to start another graph beside it, or --fresh to delete it. "
        + "To move the data, dump and restore the database: docs/operations/engines.md describes it.";

    private static string TooOld(ContainerRuntime runtime) =>
        $"the docker command line is version {runtime.ClientMajor}; Aspire needs {ContainerRuntime.OldestDocker} or later";

    private static string Text(EngineChoice kind) => EngineRecord.Text(kind == EngineChoice.Containers);
}
