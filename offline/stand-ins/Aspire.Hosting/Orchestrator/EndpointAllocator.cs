using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Dcp;
using Microsoft.Extensions.Options;
using Service = Aspire.Hosting.Dcp.DcpObject<Aspire.Hosting.Dcp.ServiceSpec, Aspire.Hosting.Dcp.ServiceStatus>;

namespace Aspire.Hosting.Orchestrator;

/// <summary>Gives every endpoint an address: a proxy of dcp, or the port of the process itself.</summary>
internal sealed class EndpointAllocator(DistributedApplicationModel model, IOptions<DcpOptions> options)
{
    private readonly ConcurrentDictionary<EndpointAnnotation, string> _services = new(ReferenceEqualityComparer.Instance);

    /// <summary>Creates dcp's services, waits for their ports and fills in the addresses.</summary>
    public async Task AllocateAsync(DcpClient client, DcpWatcher<ServiceSpec, ServiceStatus> services, CancellationToken cancellationToken)
    {
        var endpoints = model.Resources.Where(resource => resource.IsOrchestrated())
            .SelectMany(resource => resource.Annotations.OfType<EndpointAnnotation>().Select(endpoint => (resource, endpoint)))
            .ToArray();

        foreach (var (resource, endpoint) in endpoints)
        {
            Validate(resource, endpoint);
            _services[endpoint] = NameService(resource, endpoint);
        }

        await Task.WhenAll(endpoints.Select(pair => AllocateAsync(client, services, pair.resource, pair.endpoint, cancellationToken)));
    }

    /// <summary>Gets what ties the instances of a resource to the services in front of them.</summary>
    public List<ServiceProducer> ProducersOf(IResource resource) =>
    [
        .. resource.Annotations.OfType<EndpointAnnotation>()
            .Select(endpoint => new ServiceProducer(_services[endpoint], Bind(endpoint.TargetHost).Address, endpoint.TargetPort)),
    ];

    private static void Validate(IResource resource, EndpointAnnotation endpoint)
    {
        if (resource.IsContainer())
        {
            if (endpoint.TargetPort is null)
            {
                throw new DistributedApplicationException(
                    $"The endpoint '{endpoint.Name}' for container resource '{resource.Name}' must specify the TargetPort value");
            }

            return;
        }

        if (!endpoint.IsProxied)
        {
            if (endpoint.Port is { } port && port != endpoint.TargetPort)
            {
                throw new DistributedApplicationException(
                    $"The endpoint '{endpoint.Name}' of resource '{resource.Name}' has no proxy, so its Port and TargetPort have to be the same.");
            }

            if (resource.GetReplicaCount() > 1)
            {
                throw new DistributedApplicationException(
                    $"Resource '{resource.Name}' uses multiple replicas and a proxy-less endpoint '{endpoint.Name}'. These features do not work together.");
            }
        }
        else if (endpoint.TargetPort is { } targetPort && (targetPort == endpoint.Port || resource.GetReplicaCount() > 1))
        {
            throw new DistributedApplicationException(
                $"The endpoint '{endpoint.Name}' of resource '{resource.Name}' has a proxy, so its TargetPort {targetPort} cannot be the "
                + "proxy's port, nor the port of several replicas.");
        }
    }

    private static string NameService(IResource resource, EndpointAnnotation endpoint) =>
        resource.Annotations.OfType<EndpointAnnotation>().Count() == 1 ? resource.Name : $"{resource.Name}-{endpoint.Name}";

    private static (string Address, EndpointBindingMode Mode) Bind(string targetHost) => targetHost switch
    {
        _ when string.Equals(targetHost, KnownHostNames.Localhost, StringComparison.OrdinalIgnoreCase) =>
            (KnownHostNames.Localhost, EndpointBindingMode.SingleAddress),
        _ when IPAddress.TryParse(targetHost, out var address) =>
            address.Equals(IPAddress.Any) ? (KnownHostNames.Localhost, EndpointBindingMode.IPv4AnyAddresses)
            : address.Equals(IPAddress.IPv6Any) ? (KnownHostNames.Localhost, EndpointBindingMode.IPv6AnyAddresses)
            : (targetHost, EndpointBindingMode.SingleAddress),
        _ => (KnownHostNames.Localhost, EndpointBindingMode.DualStackAnyAddresses),
    };

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private async Task AllocateAsync(
        DcpClient client,
        DcpWatcher<ServiceSpec, ServiceStatus> services,
        IResource resource,
        EndpointAnnotation endpoint,
        CancellationToken cancellationToken)
    {
        if (!endpoint.IsProxied && endpoint.SpecifiedPort is null && (resource.IsContainer() || endpoint.TargetPort is null))
        {
            endpoint.Port = FreePort();
        }

        var name = _services[endpoint];
        var service = new Service
        {
            Metadata = new()
            {
                Name = name,
                Annotations = new() { ["resource-name"] = resource.Name, ["endpoint-name"] = endpoint.Name },
            },
            Spec = new()
            {
                Address = Bind(endpoint.TargetHost) is { Mode: EndpointBindingMode.SingleAddress, Address: var address } ? address : endpoint.TargetHost,
                Port = WantedPort(resource, endpoint),
                Protocol = endpoint.Protocol == ProtocolType.Udp ? "UDP" : "TCP",
                AddressAllocationMode = endpoint.IsProxied ? "Localhost" : "Proxyless",
            },
        };

        await client.CreateAsync(DcpKinds.Service, service, cancellationToken);

        var port = service.Spec.Port;
        if (port is null)
        {
            var allocated = await services.WaitForAsync(name, value => value?.Status is { EffectivePort: > 0 }, cancellationToken);
            port = allocated!.Status!.EffectivePort;
        }

        SetAddresses(resource, endpoint, name, port!.Value);
    }

    private int? WantedPort(IResource resource, EndpointAnnotation endpoint)
    {
        var wanted = resource.IsContainer() ? endpoint.SpecifiedPort : endpoint.Port;
        return wanted is 0 || (options.Value.RandomizePorts && endpoint.IsProxied) ? null : wanted;
    }

    private static void SetAddresses(IResource resource, EndpointAnnotation endpoint, string service, int port)
    {
        // Filled in by dcp: each replica listens on a port of its own.
        var targetPort = $$$"""{{- portForServing "{{{service}}}" -}}""";
        var (address, mode) = Bind(endpoint.TargetHost);

        endpoint.AllocatedEndpoint = new(endpoint, address, port, mode, targetPort, endpoint.DefaultNetworkID);

        var network = KnownNetworkIdentifiers.DefaultAspireContainerNetwork;
        var inContainers = resource.IsContainer()
            ? new AllocatedEndpoint(endpoint, resource.Name, endpoint.TargetPort!.Value, EndpointBindingMode.SingleAddress, targetPort, network)
            : new AllocatedEndpoint(endpoint, KnownHostNames.DockerDesktopHostBridge, port, EndpointBindingMode.SingleAddress, targetPort, network);
        endpoint.AllAllocatedEndpoints.AddOrUpdateAllocatedEndpoint(network, inContainers);
    }
}
