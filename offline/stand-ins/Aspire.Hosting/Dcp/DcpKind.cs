using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Container = Aspire.Hosting.Dcp.DcpObject<Aspire.Hosting.Dcp.ContainerSpec, Aspire.Hosting.Dcp.ContainerStatus>;
using ContainerNetwork = Aspire.Hosting.Dcp.DcpObject<Aspire.Hosting.Dcp.ContainerNetworkSpec, Aspire.Hosting.Dcp.ContainerNetworkStatus>;
using Executable = Aspire.Hosting.Dcp.DcpObject<Aspire.Hosting.Dcp.ExecutableSpec, Aspire.Hosting.Dcp.ExecutableStatus>;
using Service = Aspire.Hosting.Dcp.DcpObject<Aspire.Hosting.Dcp.ServiceSpec, Aspire.Hosting.Dcp.ServiceStatus>;

namespace Aspire.Hosting.Dcp;

/// <summary>A kind of dcp's objects: its name, its place in the API, and how it is written.</summary>
internal sealed record DcpKind<TSpec, TStatus>(
    string Name,
    string Plural,
    JsonTypeInfo<DcpObject<TSpec, TStatus>> Json,
    JsonTypeInfo<DcpList<DcpObject<TSpec, TStatus>>> ListJson,
    JsonTypeInfo<DcpWatchEvent<DcpObject<TSpec, TStatus>>> WatchJson);

/// <summary>The kinds that the orchestrator uses.</summary>
internal static class DcpKinds
{
    public const string GroupVersion = "usvc-dev.developer.microsoft.com/v1";

    public static readonly DcpKind<ServiceSpec, ServiceStatus> Service = new(
        nameof(Service), "services", DcpJson.Default.Service, DcpJson.Default.ServiceList, DcpJson.Default.ServiceEvent);

    public static readonly DcpKind<ExecutableSpec, ExecutableStatus> Executable = new(
        nameof(Executable), "executables", DcpJson.Default.Executable, DcpJson.Default.ExecutableList, DcpJson.Default.ExecutableEvent);

    public static readonly DcpKind<ContainerSpec, ContainerStatus> Container = new(
        nameof(Container), "containers", DcpJson.Default.Container, DcpJson.Default.ContainerList, DcpJson.Default.ContainerEvent);

    public static readonly DcpKind<ContainerNetworkSpec, ContainerNetworkStatus> ContainerNetwork = new(
        nameof(ContainerNetwork),
        "containernetworks",
        DcpJson.Default.ContainerNetwork,
        DcpJson.Default.ContainerNetworkList,
        DcpJson.Default.ContainerNetworkEvent);
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Service), TypeInfoPropertyName = "Service")]
[JsonSerializable(typeof(DcpList<Service>), TypeInfoPropertyName = "ServiceList")]
[JsonSerializable(typeof(DcpWatchEvent<Service>), TypeInfoPropertyName = "ServiceEvent")]
[JsonSerializable(typeof(Executable), TypeInfoPropertyName = "Executable")]
[JsonSerializable(typeof(DcpList<Executable>), TypeInfoPropertyName = "ExecutableList")]
[JsonSerializable(typeof(DcpWatchEvent<Executable>), TypeInfoPropertyName = "ExecutableEvent")]
[JsonSerializable(typeof(Container), TypeInfoPropertyName = "Container")]
[JsonSerializable(typeof(DcpList<Container>), TypeInfoPropertyName = "ContainerList")]
[JsonSerializable(typeof(DcpWatchEvent<Container>), TypeInfoPropertyName = "ContainerEvent")]
[JsonSerializable(typeof(ContainerNetwork), TypeInfoPropertyName = "ContainerNetwork")]
[JsonSerializable(typeof(DcpList<ContainerNetwork>), TypeInfoPropertyName = "ContainerNetworkList")]
[JsonSerializable(typeof(DcpWatchEvent<ContainerNetwork>), TypeInfoPropertyName = "ContainerNetworkEvent")]
[JsonSerializable(typeof(List<ServiceProducer>), TypeInfoPropertyName = "ServiceProducers")]
[JsonSerializable(typeof(ServerExecution))]
internal sealed partial class DcpJson : JsonSerializerContext;
