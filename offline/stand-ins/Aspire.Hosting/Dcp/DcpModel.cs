using System.Text.Json.Serialization;

namespace Aspire.Hosting.Dcp;

/// <summary>An object of dcp: what is wanted, and what is.</summary>
internal sealed class DcpObject<TSpec, TStatus>
{
    public string? ApiVersion { get; set; }

    public string? Kind { get; set; }

    public DcpMetadata Metadata { get; set; } = new();

    public TSpec? Spec { get; set; }

    public TStatus? Status { get; set; }
}

internal sealed class DcpMetadata
{
    public string Name { get; set; } = "";

    public string? Uid { get; set; }

    /// <summary>Counts the changes to all objects of the kind; null where it is not dcp that says it.</summary>
    public string? ResourceVersion { get; set; }

    public Dictionary<string, string>? Annotations { get; set; }

    /// <summary>Who wants to clean up before the object goes: dcp itself, from its first look at an object on.</summary>
    public List<string>? Finalizers { get; set; }

    public DateTime? CreationTimestamp { get; set; }
}

internal sealed class DcpList<T>
{
    public List<T> Items { get; set; } = [];
}

/// <summary>A line of a watch: <c>ADDED</c>, <c>MODIFIED</c>, <c>DELETED</c>, <c>BOOKMARK</c> or <c>ERROR</c>.</summary>
internal sealed class DcpWatchEvent<T>
{
    public string Type { get; set; } = "";

    public T? Object { get; set; }
}

internal sealed record DcpEnvVar(string Name, string Value);

internal sealed class ServiceSpec
{
    public string? Address { get; set; }

    public int? Port { get; set; }

    public string Protocol { get; set; } = "TCP";

    public string AddressAllocationMode { get; set; } = "Localhost";
}

internal sealed class ServiceStatus
{
    public string? State { get; set; }

    public string? EffectiveAddress { get; set; }

    public int? EffectivePort { get; set; }
}

/// <summary>Says which service an executable or container is behind, and on which port it listens if that is fixed.</summary>
internal sealed record ServiceProducer(string ServiceName, string? Address, int? Port);

/// <summary>The status of something that runs.</summary>
internal interface IInstanceStatus
{
    string? State { get; }
}

internal sealed class ExecutableSpec
{
    public string? ExecutablePath { get; set; }

    public string? WorkingDirectory { get; set; }

    public List<string>? Args { get; set; }

    public List<DcpEnvVar>? Env { get; set; }

    public string ExecutionType { get; set; } = "Process";

    public bool? Stop { get; set; }
}

internal sealed class ExecutableStatus : IInstanceStatus
{
    public string? State { get; set; }

    public int? Pid { get; set; }

    public int? ExitCode { get; set; }

    public DateTime? StartupTimestamp { get; set; }

    public DateTime? FinishTimestamp { get; set; }

    public List<DcpEnvVar>? EffectiveEnv { get; set; }

    public List<string>? EffectiveArgs { get; set; }
}

internal sealed class ContainerSpec
{
    public string? ContainerName { get; set; }

    public string? Image { get; set; }

    public string? Command { get; set; }

    public List<string>? Args { get; set; }

    public List<DcpEnvVar>? Env { get; set; }

    public List<string>? RunArgs { get; set; }

    public List<ContainerMount>? VolumeMounts { get; set; }

    public List<ContainerPort>? Ports { get; set; }

    public List<ContainerNetworkConnection>? Networks { get; set; }

    public string? PullPolicy { get; set; }

    public bool? Persistent { get; set; }

    public bool? Stop { get; set; }
}

internal sealed record ContainerMount(string Type, string? Source, string Target, bool ReadOnly);

internal sealed record ContainerPort(
    int? HostPort,
    [property: JsonPropertyName("containerPort")] int? TargetPort,
    string Protocol,
    [property: JsonPropertyName("hostIP")] string? HostIP);

internal sealed record ContainerNetworkConnection(string Name, List<string> Aliases);

internal sealed class ContainerStatus : IInstanceStatus
{
    public string? State { get; set; }

    public string? ContainerId { get; set; }

    public int? ExitCode { get; set; }

    public DateTime? StartupTimestamp { get; set; }

    public DateTime? FinishTimestamp { get; set; }

    public List<DcpEnvVar>? EffectiveEnv { get; set; }

    public List<string>? EffectiveArgs { get; set; }
}

internal sealed class ContainerNetworkSpec
{
    public string? NetworkName { get; set; }

    public bool? Persistent { get; set; }
}

internal sealed class ContainerNetworkStatus
{
    public string? State { get; set; }
}

/// <summary>The state of dcp itself.</summary>
internal sealed class ServerExecution
{
    public string? Status { get; set; }

    public string? ShutdownResourceCleanup { get; set; }
}
