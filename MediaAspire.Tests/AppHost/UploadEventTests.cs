using Aspire.Hosting.ApplicationModel;

namespace MediaAspire.Tests.AppHost;

/// <summary>The target that the graph's own S3 tells of uploads.</summary>
public sealed class UploadEventTests
{
    [Fact]
    public async Task The_graphs_own_s3_tells_the_api_of_uploads_by_a_key_that_only_reports_events()
    {
        await using var graph = await GraphModel.DescribeAsync("--Engines=processes");
        var (api, worker) = (await graph.EnvironmentAsync("api"), await graph.EnvironmentAsync("worker"));

        Assert.Equal("{events-key.value}", api["Security__EventsKey"]);
        Assert.Equal("{events-key.value}", worker["Notifications__Targets__media__Token"]);
        Assert.DoesNotContain("Notifications__Targets__media__Token", api.Keys);
        Assert.DoesNotContain("Security__EventsKey", worker.Keys);
        foreach (var process in new[] { api, worker })
        {
            Assert.Equal("{api.bindings.http.url}/media/events", process["Notifications__Targets__media__Url"]);
            Assert.Equal("media", process["Notifications__Targets__media__Buckets__0"]);
        }

        Assert.Equal("arn:aws:sns:us-east-1:000000000000:media", api["ObjectStore__EventTopic"]);
        Assert.True(Assert.IsType<ParameterResource>(graph["events-key"]).Secret);
    }

    [Fact]
    public async Task Another_store_gets_no_target_and_configured_tokens_are_secrets_of_the_worker()
    {
        await using var graph = await GraphModel.DescribeAsync(
            "--Engines=processes", "--ConnectionStrings:s3=Endpoint=http://s3.example;AccessKey=a;SecretKey=b;Bucket=c",
            "--Notifications:Targets:mine:Url=https://example.org", "--Notifications:Targets:mine:Token=secret");
        var (api, worker) = (await graph.EnvironmentAsync("api"), await graph.EnvironmentAsync("worker"));

        Assert.Equal("{notifications-mine-token.value}", worker["Notifications__Targets__mine__Token"]);
        Assert.DoesNotContain("Notifications__Targets__mine__Token", api.Keys);
        foreach (var process in new[] { api, worker })
        {
            Assert.Equal("https://example.org", process["Notifications__Targets__mine__Url"]);
            Assert.DoesNotContain(process.Keys, key => key.StartsWith("Notifications__Targets__media", StringComparison.Ordinal));
        }

        Assert.DoesNotContain("ObjectStore__EventTopic", api.Keys);
        Assert.True(Assert.IsType<ParameterResource>(graph["notifications-mine-token"]).Secret);
    }
}
