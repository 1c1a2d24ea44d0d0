using System.Runtime.InteropServices;
using System.Text.Json;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Dcp;
using Container = Aspire.Hosting.Dcp.DcpObject<Aspire.Hosting.Dcp.ContainerSpec, Aspire.Hosting.Dcp.ContainerStatus>;
using Executable = Aspire.Hosting.Dcp.DcpObject<Aspire.Hosting.Dcp.ExecutableSpec, Aspire.Hosting.Dcp.ExecutableStatus>;

namespace Aspire.Hosting.Orchestrator;

/// <summary>Describes instances of resources to dcp.</summary>
internal sealed class InstanceSpecs(
    DistributedApplicationOptions options,
    DistributedApplicationExecutionContext executionContext,
    EndpointAllocator endpoints,
    ResourceLoggerService loggers)
{
    public const string ContainerNetworkName = "aspire-container-network";

    /// <summary>Describes a process.</summary>
    public async Task<Executable> ExecutableAsync(ResourceInstance instance, CancellationToken cancellationToken)
    {
        var configuration = await ExecutionConfiguration.ResolveAsync(
            instance.Resource, executionContext, loggers.GetLogger(instance.Name), cancellationToken);
        var (program, leadingArguments, directory) = Command(instance.Resource);

        return new()
        {
            Metadata = Metadata(instance),
            Spec = new()
            {
                ExecutablePath = program,
                WorkingDirectory = directory,
                Args = [.. leadingArguments, .. configuration.Arguments],
                Env = Variables(configuration),
            },
        };
    }

    /// <summary>Describes a container.</summary>
    public async Task<Container> ContainerAsync(ResourceInstance instance, CancellationToken cancellationToken)
    {
        var resource = instance.Resource;
        var configuration = await ExecutionConfiguration.ResolveAsync(resource, executionContext, loggers.GetLogger(instance.Name), cancellationToken);
        resource.TryGetContainerImageName(out var image);

        return new()
        {
            Metadata = Metadata(instance),
            Spec = new()
            {
                ContainerName = instance.Name,
                Image = image,
                Command = (resource as ContainerResource)?.Entrypoint,
                Args = resource is ContainerResource { ShellExecution: true }
                    ? ["-c", string.Join(' ', configuration.Arguments)]
                    : [.. configuration.Arguments],
                Env = Variables(configuration),
                RunArgs = await RuntimeArgumentsAsync(resource, cancellationToken),
                VolumeMounts =
                [
                    .. resource.Annotations.OfType<ContainerMountAnnotation>().Select(mount => new ContainerMount(
                        mount.Type == ContainerMountType.BindMount ? "bind" : "volume", mount.Source, mount.Target, mount.IsReadOnly)),
                ],
                Ports = [.. resource.Annotations.OfType<EndpointAnnotation>().Select(Port)],
                Networks = [new(ContainerNetworkName, [resource.Name, $"{resource.Name}.dev.internal"])],
                PullPolicy = PullPolicy(resource),
                Persistent = resource.IsPersistent() ? true : null,
            },
        };
    }

    private static ContainerPort Port(EndpointAnnotation endpoint) => new(
        HostPort: endpoint.IsProxied ? null : endpoint.SpecifiedPort,
        endpoint.TargetPort,
        Protocol: endpoint.Protocol == System.Net.Sockets.ProtocolType.Udp ? "UDP" : "TCP",
        HostIP: endpoint.TargetHost == KnownHostNames.Localhost ? null : endpoint.TargetHost);

    private static string? PullPolicy(IResource resource) =>
        resource.TryGetLastAnnotation<ContainerImagePullPolicyAnnotation>(out var policy) && policy.ImagePullPolicy != ImagePullPolicy.Default
            ? policy.ImagePullPolicy.ToString().ToLowerInvariant()
            : null;

    private static List<DcpEnvVar> Variables(ExecutionConfiguration configuration) =>
        [.. configuration.Environment.Select(variable => new DcpEnvVar(variable.Key, variable.Value))];

    private static async Task<List<string>> RuntimeArgumentsAsync(IResource resource, CancellationToken cancellationToken)
    {
        var collected = new List<object>();
        var context = new ContainerRuntimeArgsCallbackContext(collected, cancellationToken);
        foreach (var annotation in resource.Annotations.OfType<ContainerRuntimeArgsCallbackAnnotation>())
        {
            await annotation.Callback(context);
        }

        var arguments = new List<string>();
        foreach (var argument in collected)
        {
            if (await ExecutionConfiguration.ResolveAsync(argument, new(), cancellationToken) is { } value)
            {
                arguments.Add(value);
            }
        }

        return arguments;
    }

    private (string Program, IReadOnlyList<string> Arguments, string Directory) Command(IResource resource)
    {
        if (resource is ExecutableResource executable)
        {
            return (executable.Command, [], executable.WorkingDirectory);
        }

        var project = ((ProjectResource)resource).GetProjectMetadata();
        var directory = Path.GetDirectoryName(project.ProjectPath)!;

        // "dotnet run" asks MSBuild for the output again, which takes seconds for each process; the AppHost's build knows it.
        return options.Metadata($"projectoutput:{project.ProjectPath}") is { } output && File.Exists(output)
            ? (DotnetHost(), [output], directory)
            : (DotnetHost(), ["run", project.IsFileBasedApp ? "--file" : "--project", project.ProjectPath, "--no-launch-profile"], directory);
    }

    // The host that runs the AppHost: there may be several, and none of them need be on the search path.
    private static string DotnetHost()
    {
        var root = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
        var host = Path.Combine(root, OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet");
        return File.Exists(host) ? host : "dotnet";
    }

    private DcpMetadata Metadata(ResourceInstance instance) => new()
    {
        Name = instance.Name,
        Annotations = new()
        {
            ["resource-name"] = instance.Resource.Name,
            ["otel-service-name"] = instance.Resource.Name,
            ["otel-service-instance-id"] = instance.Suffix,
            ["service-producer"] = JsonSerializer.Serialize(endpoints.ProducersOf(instance.Resource), DcpJson.Default.ServiceProducers),
        },
    };
}
