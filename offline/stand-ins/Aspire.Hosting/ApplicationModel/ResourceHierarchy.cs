namespace Aspire.Hosting.ApplicationModel;

/// <summary>Reads what lives inside what.</summary>
internal static class ResourceHierarchy
{
    /// <summary>Gets the resource and everything that it lives inside, innermost first.</summary>
    public static IEnumerable<IResource> WithAncestors(this IResource resource)
    {
        for (IResource? current = resource; current is not null; current = (current as IResourceWithParent)?.Parent)
        {
            yield return current;
        }
    }

    /// <summary>Gets what lives inside a resource and has no life of its own, directly or not.</summary>
    public static IEnumerable<IResource> DescendantsOf(this DistributedApplicationModel model, IResource parent) =>
        model.Resources
            .Where(child => child is IResourceWithParent { Parent: var itsParent } && itsParent == parent && !HasOwnLife(child))
            .SelectMany(child => model.DescendantsOf(child).Prepend(child));

    /// <summary>Gets the keys of the health checks that decide the health of a resource: its own, and those of what it lives inside.</summary>
    public static IReadOnlyList<string> HealthCheckKeys(this IResource resource) =>
        [.. resource.WithAncestors().SelectMany(current => current.Annotations.OfType<HealthCheckAnnotation>()).Select(check => check.Key).Distinct()];

    /// <summary>Gets the kind that the dashboard shows.</summary>
    public static string KindOf(this IResource resource) => resource switch
    {
        ProjectResource => KnownResourceTypes.Project,
        ExecutableResource => KnownResourceTypes.Executable,
        ParameterResource => KnownResourceTypes.Parameter,
        _ when resource.IsContainer() => KnownResourceTypes.Container,
        _ => resource.GetType().Name,
    };

    private static bool HasOwnLife(IResource resource) =>
        resource.IsOrchestrated() || resource is ParameterResource or ConnectionStringResource;
}
