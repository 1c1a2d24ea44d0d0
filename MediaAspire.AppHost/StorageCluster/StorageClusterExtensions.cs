using System.Globalization;
using MediaAspire.AppHost.Publishing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace MediaAspire.AppHost.StorageCluster;

/// <summary>Adds the cluster of chunk nodes.</summary>
public static class StorageClusterExtensions
{
    internal const string GrpcEndpointName = "grpc";

    /// <summary>The directory of a published node's chunks: the mount point of its volume.</summary>
    internal const string PublishedDataDirectory = "/var/lib/mediaaspire";

    /// <summary>Adds a cluster without nodes.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">Resource name.</param>
    /// <param name="token">The cluster's token.</param>
    public static IResourceBuilder<StorageClusterResource> AddStorageCluster(
        this IDistributedApplicationBuilder builder,
        [ResourceName] string name,
        IResourceBuilder<ParameterResource> token)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(token);
        var resource = new StorageClusterResource(name, token.Resource);
        var key = $"{name}_nodes_check";
        builder.Services.AddKeyedSingleton(key, (services, _) => new StorageClusterMonitor(
            resource, services.GetRequiredService<ResourceNotificationService>(), TimeProvider.System));
        builder.Services.AddHealthChecks().Add(new HealthCheckRegistration(
            key, services => services.GetRequiredKeyedService<StorageClusterMonitor>(key), failureStatus: null, tags: null));
        return builder.AddResource(resource)
            .WithIconName("Server")
            .ExcludeFromManifest()
            .WithHealthCheck(key)
            .WithInitialState(new CustomResourceSnapshot
            {
                ResourceType = "StorageCluster",
                Properties = [],
                State = KnownResourceStates.Waiting,
            })
            .OnInitializeResource((_, initialize, cancellationToken) =>
                initialize.Services.GetRequiredKeyedService<StorageClusterMonitor>(key).FollowAsync(cancellationToken));
    }

    /// <summary>Adds nodes. Each is a resource of its own, because it owns an identity and a disk.</summary>
    /// <typeparam name="TProject">The node's project.</typeparam>
    /// <param name="cluster">The cluster.</param>
    /// <param name="count">The number of nodes.</param>
    /// <param name="dataDirectory">Directory that holds a directory for each node; only used when running.</param>
    /// <param name="configure">Configures every node further.</param>
    public static IResourceBuilder<StorageClusterResource> WithNodes<TProject>(
        this IResourceBuilder<StorageClusterResource> cluster,
        int count,
        string dataDirectory,
        Action<IResourceBuilder<ProjectResource>> configure)
        where TProject : IProjectMetadata, new()
    {
        ArgumentNullException.ThrowIfNull(cluster);
        ArgumentNullException.ThrowIfNull(configure);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);

        var builder = cluster.ApplicationBuilder;
        for (var added = 0; added < count; added++)
        {
            var number = (cluster.Resource.Nodes.Count + 1).ToString(CultureInfo.InvariantCulture);
            var name = $"{cluster.Resource.Name}-{number}";
            var node = builder.AddProject<TProject>(name, launchProfileName: null)
                .WithHttpEndpoint(name: GrpcEndpointName)
                .AsHttp2Service()
                .WithIconName("HardDrive")
                .WithTextUrl(GrpcEndpointName, "gRPC")
                .WithParentRelationship(cluster)
                .WithEnvironment("Storage__Name", name);

            if (builder.ExecutionContext.IsRunMode)
            {
                // The user chose the directory, and the engines keep their data in it too, even in a development container.
                node.WithEnvironment("Storage__DataDirectory", Path.Combine(dataDirectory, name))
                    .WithEnvironment("Storage__AllowEphemeralData", "true");
            }
            else
            {
                // A container knows only its own address; other processes use the address that the deployment gives its endpoint.
                node.WithPublishedPort(GrpcEndpointName, PublishedContainers.Port)
                    .AsPublishedContainer(container =>
                        container.WithVolume(VolumeNameGenerator.Generate(container, "data"), PublishedDataDirectory))
                    .WithEnvironment("Storage__DataDirectory", PublishedDataDirectory)
                    .WithEnvironment("Storage__AdvertisedAddress", node.GetEndpoint(GrpcEndpointName));
            }

            configure(node);
            cluster.Resource.Add(node.WithGrpcHealthCheck(cluster.Resource.Token));
        }

        return cluster;
    }

    /// <summary>Makes a consumer wait until the cluster is running. The cluster stays running when a node dies.</summary>
    /// <remarks>
    /// Consumers find the addresses of the nodes in the topology tables, because nodes join and leave. If a consumer waited for each node,
    /// it could not restart while one of them is dead.
    /// </remarks>
    /// <typeparam name="T">The type of the consumer.</typeparam>
    /// <param name="consumer">The consumer.</param>
    /// <param name="cluster">The cluster.</param>
    public static IResourceBuilder<T> WithReference<T>(this IResourceBuilder<T> consumer, IResourceBuilder<StorageClusterResource> cluster)
        where T : IResourceWithWaitSupport
    {
        ArgumentNullException.ThrowIfNull(consumer);
        ArgumentNullException.ThrowIfNull(cluster);

        return consumer.WaitForStart(cluster).WithReferenceRelationship(cluster.Resource);
    }

    private static IResourceBuilder<ProjectResource> WithGrpcHealthCheck(
        this IResourceBuilder<ProjectResource> node, ParameterResource token)
    {
        var key = $"{node.Resource.Name}_grpc_check";
        var endpoint = node.GetEndpoint(GrpcEndpointName);
        var services = node.ApplicationBuilder.Services;
        services.AddKeyedSingleton(key, (_, _) => new GrpcHealthCheck(endpoint, token, TimeProvider.System));
        services.AddHealthChecks().Add(new HealthCheckRegistration(
            key,
            provider => provider.GetRequiredKeyedService<GrpcHealthCheck>(key),
            failureStatus: null,
            tags: null));
        return node.WithHealthCheck(key);
    }
}
