using Aspire.Hosting.ApplicationModel;
using MediaAspire.AppHost.StorageCluster;
using Microsoft.Extensions.DependencyInjection;

namespace MediaAspire.Tests.AppHost.StorageCluster;

public sealed class StorageClusterTests
{
    [Fact]
    public async Task Nodes_belong_to_the_cluster_and_have_a_name_and_a_disk_of_their_own()
    {
        await using var graph = await GraphModel.DescribeAsync("--Engines=processes", "--Data:Directory=/srv/media");
        var cluster = Assert.IsType<StorageClusterResource>(graph["storage"]);

        Assert.Equal(6, cluster.Nodes.Count);
        foreach (var node in cluster.Nodes.Select(node => node.Resource))
        {
            var parent = node.Annotations.OfType<ResourceRelationshipAnnotation>().Single(relationship => relationship.Type == "Parent");
            Assert.Same(cluster, parent.Resource);

            var environment = await graph.EnvironmentAsync(node.Name);
            Assert.Equal(node.Name, environment["Storage__Name"]);
            Assert.Equal($"/srv/media/{node.Name}", environment["Storage__DataDirectory"]);
            Assert.Equal("{media-nodes.connectionString}", environment["ConnectionStrings__media"]);
            Assert.DoesNotContain("Storage__AdvertisedAddress", environment.Keys);
        }
    }

    [Fact]
    public async Task Nodes_have_one_random_port_for_grpc()
    {
        await using var graph = await GraphModel.DescribeAsync("--Engines=processes");

        var endpoint = Assert.Single(graph["storage-1"].Annotations.OfType<EndpointAnnotation>());

        Assert.Equal("grpc", endpoint.Name);
        Assert.Equal("HardDrive", graph["storage-1"].Annotations.OfType<ResourceIconAnnotation>().Last().IconName);
        Assert.Equal("http", endpoint.UriScheme);
        Assert.Null(endpoint.Port);
        Assert.Null(endpoint.TargetPort);
    }

    [Theory]
    [InlineData(null, false, false)]
    [InlineData("online", true, false)]
    [InlineData("offline", true, false)]
    [InlineData("draining", false, true)]
    [InlineData("removed", false, false)]
    public async Task Nodes_can_be_drained_and_undrained_when_that_makes_sense(string? status, bool canDrain, bool canUndrain)
    {
        await using var graph = await GraphModel.DescribeAsync("--Engines=processes");
        var snapshot = new CustomResourceSnapshot
        {
            ResourceType = "Project",
            Properties = status is null ? [] : [new("storage.status", status)],
        };

        foreach (var node in Assert.IsType<StorageClusterResource>(graph["storage"]).Nodes.Select(node => node.Resource))
        {
            var commands = node.Annotations.OfType<ResourceCommandAnnotation>().ToDictionary(command => command.Name);

            Assert.Equal(canDrain, IsEnabled(commands["drain"], snapshot));
            Assert.Equal(canUndrain, IsEnabled(commands["undrain"], snapshot));
            Assert.Contains(node.Name, commands["drain"].ConfirmationMessage, StringComparison.Ordinal);
            Assert.Contains(node.Name, commands["undrain"].ConfirmationMessage, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Nodes_get_the_limits_of_their_space_and_nothing_else_of_the_storage_section()
    {
        await using var graph = await GraphModel.DescribeAsync("--Engines=processes", "--Storage:CapacityBytes=1000", "--Storage:Nodes=2");

        var environment = await graph.EnvironmentAsync("storage-1");

        Assert.Equal("1000", environment["Storage__CapacityBytes"]);
        Assert.DoesNotContain("Storage__Nodes", environment.Keys);
        Assert.DoesNotContain("Storage__CapacityBytes", (await graph.EnvironmentAsync("api")).Keys);
    }

    private static bool IsEnabled(ResourceCommandAnnotation command, CustomResourceSnapshot snapshot)
    {
        using var services = new ServiceCollection().BuildServiceProvider();
        var context = new UpdateCommandStateContext { ResourceSnapshot = snapshot, Services = services };
        return command.UpdateState(context) == ResourceCommandState.Enabled;
    }
}
