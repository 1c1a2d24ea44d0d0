using Aspire.Hosting.ApplicationModel;

namespace MediaAspire.Tests.AppHost;

public sealed class ImageKeyTests
{
    [Fact]
    public async Task The_graph_has_a_secret_of_its_own_that_signs_addresses_of_images()
    {
        await using var graph = await GraphModel.DescribeAsync("--Engines=processes");

        Assert.Equal("{images-signing-key.value}", (await graph.EnvironmentAsync("api"))["Images__Signing__Keys__graph"]);
        Assert.DoesNotContain("Images__Signing__Keys__graph", (await graph.EnvironmentAsync("worker")).Keys);
        Assert.True(Assert.IsType<ParameterResource>(graph["images-signing-key"]).Secret);
    }

    [Fact]
    public async Task Configured_keys_take_its_place_and_are_secrets_of_the_api()
    {
        await using var graph = await GraphModel.DescribeAsync(
            "--Engines=processes", "--Images:Signing:Keys:k1=0123456789abcdef0123456789abcdef", "--Images:Imgproxy:Keys:0:Key=00",
            "--Images:Imgproxy:Keys:0:Salt=01", "--Images:PublicReads=true");
        var (api, worker) = (await graph.EnvironmentAsync("api"), await graph.EnvironmentAsync("worker"));

        Assert.Equal("{images-signing-keys-k1.value}", api["Images__Signing__Keys__k1"]);
        Assert.Equal("{images-imgproxy-keys-0-key.value}", api["Images__Imgproxy__Keys__0__Key"]);
        Assert.DoesNotContain("Images__Signing__Keys__graph", api.Keys);
        Assert.DoesNotContain(worker.Keys, key => key.StartsWith("Images__Signing", StringComparison.Ordinal));
        Assert.DoesNotContain(worker.Keys, key => key.StartsWith("Images__Imgproxy__Keys", StringComparison.Ordinal));
        Assert.Equal("true", worker["Images__PublicReads"]);
    }
}
