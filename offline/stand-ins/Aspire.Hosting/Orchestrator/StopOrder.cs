using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Dashboard;

namespace Aspire.Hosting.Orchestrator;

/// <summary>Orders resources so that whoever uses another is stopped first.</summary>
internal static class StopOrder
{
    /// <summary>Divides resources into waves: nobody in a wave is used by anybody in it or after it, as far as there are no cycles.</summary>
    public static IEnumerable<IReadOnlyList<IResource>> Waves(IReadOnlyCollection<IResource> resources)
    {
        // A process sends its last telemetry while it stops, and would hang on a dashboard that is gone until dcp kills it.
        var left = resources.Where(resource => resource.Name != DashboardResource.Name).ToHashSet();
        IResource[] dashboard = [.. resources.Except(left)];

        while (left.Count > 0)
        {
            var used = left.SelectMany(resource => UsedBy(resource).Where(other => other != resource)).ToHashSet();
            IResource[] wave = [.. left.Where(resource => !used.Contains(resource))];

            // A cycle has no right order.
            if (wave.Length == 0)
            {
                wave = [.. left];
            }

            left.ExceptWith(wave);
            yield return wave;
        }

        if (dashboard.Length > 0)
        {
            yield return dashboard;
        }
    }

    // A database is used in its server: what a resource refers to or waits for stands for all that it lives inside.
    private static IEnumerable<IResource> UsedBy(IResource resource) =>
        UsedDirectlyBy(resource).SelectMany(other => other.WithAncestors());

    private static IEnumerable<IResource> UsedDirectlyBy(IResource resource) =>
        resource.Annotations.OfType<WaitAnnotation>().Select(wait => wait.Resource)
            .Concat(resource.Annotations.OfType<ResourceRelationshipAnnotation>()
                .Where(relationship => relationship.Type == KnownRelationshipTypes.Reference)
                .Select(relationship => relationship.Resource));
}
