using System.Collections.Immutable;
using System.Reflection;
using Aspire.Hosting.ApplicationModel;
using MediaAspire.AppHost.StorageCluster;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace MediaAspire.Tests.AppHost.StorageCluster;

public sealed class StorageClusterStatusTests
{
    private static readonly CustomResourceSnapshot s_serving = Node(KnownResourceStates.Running, HealthStatus.Healthy);
    private static readonly CustomResourceSnapshot s_sick = Node(KnownResourceStates.Running, HealthStatus.Unhealthy);
    private static readonly CustomResourceSnapshot s_dead = Node(KnownResourceStates.Finished);
    private static readonly CustomResourceSnapshot s_starting = Node(KnownResourceStates.Starting);

    [Fact]
    public void Of_EveryNodeServes_IsHealthyAndSettled()
    {
        var status = StorageClusterStatus.Of([("storage-1", s_serving), ("storage-2", s_serving)]);

        Assert.Equal((HealthStatus.Healthy, true, KnownResourceStateStyles.Success), (status.Health, status.IsSettled, status.Style));
        Assert.Equal("2 of 2 healthy", status.Summary);
    }

    [Fact]
    public void Of_DeadNode_IsDegradedSettledAndNamesIt()
    {
        var status = StorageClusterStatus.Of([("storage-1", s_serving), ("storage-2", s_dead)]);

        Assert.Equal((HealthStatus.Degraded, true, KnownResourceStateStyles.Warn), (status.Health, status.IsSettled, status.Style));
        Assert.Equal("1 of 2 healthy (storage-2 is not running)", status.Summary);
    }

    [Fact]
    public void Of_NodesThatMayStillServe_IsNotSettled()
    {
        Assert.False(StorageClusterStatus.Of([("storage-1", s_serving), ("storage-2", s_sick)]).IsSettled);
        Assert.False(StorageClusterStatus.Of([("storage-1", s_serving), ("storage-2", s_starting)]).IsSettled);
        Assert.False(StorageClusterStatus.Of([("storage-1", s_serving), ("storage-2", null)]).IsSettled);
    }

    [Fact]
    public void Of_NoNodeServes_IsUnhealthyAndNamesEachReason()
    {
        var status = StorageClusterStatus.Of([("storage-1", s_sick), ("storage-2", s_starting), ("storage-3", null)]);

        Assert.Equal((HealthStatus.Unhealthy, KnownResourceStateStyles.Error), (status.Health, status.Style));
        Assert.Equal("0 of 3 healthy (storage-1 is not healthy, storage-2 is starting, storage-3 is unknown)", status.Summary);
    }

    private static CustomResourceSnapshot Node(string state, HealthStatus? health = null)
    {
        var snapshot = new CustomResourceSnapshot { ResourceType = "Project", Properties = [], State = state };
        if (health is not null)
        {
            // Only Aspire can set health reports. A node has one as soon as its check has run.
            ImmutableArray<HealthReportSnapshot> reports = [new("check", health, null, null)];
            typeof(CustomResourceSnapshot)
                .GetProperty(nameof(CustomResourceSnapshot.HealthReports), BindingFlags.Public | BindingFlags.Instance)!
                .SetValue(snapshot, reports);
        }

        return snapshot;
    }
}
