using System.Security.Cryptography;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>One process or container of a resource.</summary>
/// <param name="Resource">The resource.</param>
/// <param name="Name">The name under which the orchestrator knows it.</param>
/// <param name="Suffix">What its name has beyond the resource's; also its identity in telemetry.</param>
internal sealed record ResourceInstance(IResource Resource, string Name, string Suffix);

/// <summary>The processes or containers as which a resource runs.</summary>
internal sealed class ResourceInstancesAnnotation(IReadOnlyList<ResourceInstance> instances) : IResourceAnnotation
{
    public IReadOnlyList<ResourceInstance> Instances { get; } = instances;
}

/// <summary>Makes and reads <see cref="ResourceInstancesAnnotation"/>.</summary>
internal static class ResourceInstanceExtensions
{
    private const int SuffixLength = 8;
    private const string SuffixCharacters = "abcdefghjkmnpqrstuvwxyz";

    /// <summary>Gets whether the orchestrator runs the resource, as opposed to a resource that looks after itself.</summary>
    public static bool IsOrchestrated(this IResource resource) => resource is ProjectResource or ExecutableResource || resource.IsContainer();

    /// <summary>Gets whether the resource outlives the AppHost.</summary>
    public static bool IsPersistent(this IResource resource) =>
        resource.TryGetLastAnnotation<ContainerLifetimeAnnotation>(out var annotation) && annotation.Lifetime == ContainerLifetime.Persistent;

    /// <summary>Gets the names of the instances; a resource that the orchestrator does not run is its own only instance.</summary>
    public static IReadOnlyList<string> GetInstanceNames(this IResource resource) =>
        resource.TryGetLastAnnotation<ResourceInstancesAnnotation>(out var annotation)
            ? [.. annotation.Instances.Select(instance => instance.Name)]
            : [resource.Name];

    public static IReadOnlyList<ResourceInstance> GetInstances(this IResource resource) =>
        resource.Annotations.OfType<ResourceInstancesAnnotation>().Single().Instances;

    /// <summary>Names the instances of an orchestrated resource, once.</summary>
    /// <param name="resource">The resource.</param>
    /// <param name="appHostHash">What tells this AppHost from others on the machine, in hexadecimal.</param>
    public static void EnsureInstances(this IResource resource, string appHostHash)
    {
        if (!resource.IsOrchestrated() || resource.HasAnnotationOfType<ResourceInstancesAnnotation>())
        {
            return;
        }

        var count = resource is ProjectResource ? resource.GetReplicaCount() : 1;
        resource.Annotations.Add(new ResourceInstancesAnnotation([.. Enumerable.Range(0, count).Select(_ => NewInstance(resource, appHostHash))]));
    }

    private static ResourceInstance NewInstance(IResource resource, string appHostHash)
    {
        // Persistent containers are found again by their name, so it must not change.
        var suffix = resource.IsPersistent()
            ? appHostHash[..SuffixLength].ToLowerInvariant()
            : RandomNumberGenerator.GetString(SuffixCharacters, SuffixLength);

        if (resource.TryGetLastAnnotation<ContainerNameAnnotation>(out var named))
        {
            return new(resource, named.Name, suffix);
        }

        return new(resource, $"{resource.Name}-{suffix}", suffix);
    }
}
