using System.Collections.Immutable;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Dcp;
using Container = Aspire.Hosting.Dcp.DcpObject<Aspire.Hosting.Dcp.ContainerSpec, Aspire.Hosting.Dcp.ContainerStatus>;
using Executable = Aspire.Hosting.Dcp.DcpObject<Aspire.Hosting.Dcp.ExecutableSpec, Aspire.Hosting.Dcp.ExecutableStatus>;

namespace Aspire.Hosting.Orchestrator;

/// <summary>Translates what dcp says of an instance into the state that the application shows.</summary>
internal static class InstanceState
{
    /// <summary>Gets whether a state of dcp is the last one of a run.</summary>
    public static bool HasEnded(string? dcpState) => dcpState is "Finished" or "Terminated" or "FailedToStart" or "Exited";

    public static CustomResourceSnapshot Of(IResource resource, Executable executable, CustomResourceSnapshot before)
    {
        var status = executable.Status;
        var properties = new Dictionary<string, object?>
        {
            ["executable.path"] = executable.Spec?.ExecutablePath,
            ["executable.workDir"] = executable.Spec?.WorkingDirectory,
            ["executable.args"] = (status?.EffectiveArgs ?? executable.Spec?.Args)?.ToImmutableArray(),
            ["executable.pid"] = status?.Pid,
        };

        if (resource is ProjectResource project)
        {
            properties["project.path"] = project.GetProjectMetadata().ProjectPath;
        }

        return before with
        {
            State = Name(status?.State) ?? before.State,
            ExitCode = status?.ExitCode,
            CreationTimeStamp = executable.Metadata.CreationTimestamp,
            StartTimeStamp = status?.StartupTimestamp,
            StopTimeStamp = status?.FinishTimestamp,
            EnvironmentVariables = Variables(status?.EffectiveEnv, executable.Spec?.Env) ?? before.EnvironmentVariables,
            Properties = Merge(before.Properties, properties),
            Urls = Activate(before.Urls, status?.State),
        };
    }

    public static CustomResourceSnapshot Of(Container container, CustomResourceSnapshot before)
    {
        var status = container.Status;

        return before with
        {
            State = Name(status?.State) ?? before.State,
            ExitCode = HasEnded(status?.State) ? status?.ExitCode : null,
            CreationTimeStamp = container.Metadata.CreationTimestamp,
            StartTimeStamp = status?.StartupTimestamp,
            StopTimeStamp = status?.FinishTimestamp,
            EnvironmentVariables = Variables(status?.EffectiveEnv, container.Spec?.Env) ?? before.EnvironmentVariables,
            Properties = Merge(before.Properties, new()
            {
                ["container.image"] = container.Spec?.Image,
                ["container.id"] = status?.ContainerId,
                ["container.command"] = container.Spec?.Command,
                ["container.args"] = (status?.EffectiveArgs ?? container.Spec?.Args)?.ToImmutableArray(),
            }),
            Volumes = [.. (container.Spec?.VolumeMounts ?? []).Select(mount => new VolumeSnapshot(mount.Source, mount.Target, mount.Type, mount.ReadOnly))],
            Urls = Activate(before.Urls, status?.State),
        };
    }

    private static ResourceStateSnapshot? Name(string? dcpState) => dcpState switch
    {
        null or "" => null,
        "Pending" => KnownResourceStates.Starting,
        "Terminated" => KnownResourceStates.Exited,
        "FailedToStart" => new ResourceStateSnapshot(KnownResourceStates.FailedToStart, KnownResourceStateStyles.Error),
        _ => dcpState,
    };

    private static ImmutableArray<UrlSnapshot> Activate(ImmutableArray<UrlSnapshot> urls, string? dcpState) =>
        [.. urls.Select(url => url.Name is null ? url : url with { IsInactive = dcpState != "Running" })];

    private static ImmutableArray<EnvironmentVariableSnapshot>? Variables(List<DcpEnvVar>? effective, List<DcpEnvVar>? specified)
    {
        var own = (specified ?? []).Select(variable => variable.Name).ToHashSet();
        return (effective ?? specified) is { } variables
            ? [.. variables.OrderBy(variable => variable.Name, StringComparer.Ordinal)
                .Select(variable => new EnvironmentVariableSnapshot(variable.Name, variable.Value, own.Contains(variable.Name)))]
            : null;
    }

    private static ImmutableArray<ResourcePropertySnapshot> Merge(ImmutableArray<ResourcePropertySnapshot> before, Dictionary<string, object?> changed) =>
    [
        .. before.Where(property => !changed.ContainsKey(property.Name)),
        .. changed.Where(property => property.Value is not null)
            .Select(property => new ResourcePropertySnapshot(property.Key, property.Value) { IsSensitive = property.Key.EndsWith(".args", StringComparison.Ordinal) }),
    ];
}
