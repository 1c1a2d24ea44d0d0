using Aspire.Hosting.ApplicationModel;
using MediaAspire.AppHost.StorageCluster;

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
            Assert.Equal("{media.connectionString}", environment["ConnectionStrings__media"]);
            Assert.DoesNotContain("Storage__AdvertisedAddress", environment.Keys);
        }
    }

    [Fact]
    public async Task Nodes_have_one_random_port_for_grpc()
    {
        await using var graph = await GraphModel.DescribeAsync("--Engines=processes");

        var endpoint = Assert.Single(graph["storage-1"].Annotations.OfType<EndpointAnnotation>());

        Assert.Equal("grpc", endpoint.Name);
        Assert.Equal("http", endpoint.UriScheme);
        Assert.Null(endpoint.Port);
        Assert.Null(endpoint.TargetPort);
    }
}
