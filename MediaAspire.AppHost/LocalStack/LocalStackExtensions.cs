using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace MediaAspire.AppHost.LocalStack;

/// <summary>Adds LocalStack and buckets in it.</summary>
public static class LocalStackExtensions
{
    /// <summary>Adds a LocalStack container that serves S3 on a random host port.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">Resource name.</param>
    /// <param name="port">Host port; <see langword="null"/> chooses a free one.</param>
    public static IResourceBuilder<LocalStackResource> AddLocalStack(
        this IDistributedApplicationBuilder builder,
        [ResourceName] string name,
        int? port = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(name);

        var localStack = new LocalStackResource(name);
        var key = $"{name}_check";
        builder.Services.AddHttpClient();
        builder.Services.AddHealthChecks().Add(new HealthCheckRegistration(
            key,
            services => new LocalStackHealthCheck(localStack, services.GetRequiredService<IHttpClientFactory>()),
            failureStatus: null,
            tags: null));

        return builder.AddResource(localStack)
            .WithImage(LocalStackContainerImageTags.Image, LocalStackContainerImageTags.Tag)
            .WithImageRegistry(LocalStackContainerImageTags.Registry)
            .WithIconName("BoxMultiple")
            .WithHttpEndpoint(port: port, targetPort: LocalStackResource.GatewayPort, name: LocalStackResource.GatewayEndpointName)
            .WithEnvironment("SERVICES", "s3")
            .WithHealthCheck(key);
    }

    /// <summary>Keeps LocalStack's state directory in a volume.</summary>
    /// <remarks>The community edition still keeps objects in memory: when a container restarts, its buckets are recreated empty.</remarks>
    /// <param name="localStack">The container.</param>
    /// <param name="name">Volume name; <see langword="null"/> derives one from the application and the resource.</param>
    public static IResourceBuilder<LocalStackResource> WithDataVolume(
        this IResourceBuilder<LocalStackResource> localStack,
        string? name = null)
    {
        ArgumentNullException.ThrowIfNull(localStack);
        return localStack.WithVolume(name ?? VolumeNameGenerator.Generate(localStack, "data"), "/var/lib/localstack");
    }

    /// <summary>Adds a bucket, which is created whenever LocalStack becomes ready.</summary>
    /// <param name="localStack">The container.</param>
    /// <param name="name">Resource name.</param>
    /// <param name="bucketName">Name of the bucket; <see langword="null"/> takes <paramref name="name"/>.</param>
    public static IResourceBuilder<LocalStackBucketResource> AddBucket(
        this IResourceBuilder<LocalStackResource> localStack,
        [ResourceName] string name,
        string? bucketName = null)
    {
        ArgumentNullException.ThrowIfNull(localStack);
        ArgumentException.ThrowIfNullOrEmpty(name);

        var bucket = new LocalStackBucketResource(name, bucketName ?? name, localStack.Resource);
        localStack.OnResourceReady((resource, ready, cancellationToken) =>
            LocalStackBuckets.CreateAsync(resource, bucket.BucketName, ready.Services, cancellationToken));
        return localStack.ApplicationBuilder.AddResource(bucket).WithIconName("Box");
    }
}
