using System.Runtime.Versioning;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using MediaAspire.AppHost.Data;
using MediaAspire.AppHost.Engines;
using MediaAspire.AppHost.Engines.Postgres;
using MediaAspire.AppHost.Engines.Processes;
using MediaAspire.AppHost.Settings;
using MediaAspire.Tests.AppHost.Publishing;
using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.AppHost.Engines;

[UnsupportedOSPlatform("windows")]
public sealed class EngineRecordTests
{
    private static readonly string[] s_engines = ["postgres", "redis", "s3"];

    private readonly string _root = DataDirectories.CreateForRun();

    [Theory]
    [InlineData(true, EngineChoice.Containers)]
    [InlineData(false, EngineChoice.Processes)]
    internal void Read_AfterTheFirstStart_IsTheKindOfThatStart(bool useContainers, EngineChoice expected)
    {
        using var data = new DataDirectory(_root);
        Assert.Null(new EngineRecord(data).Read());

        new EngineRecord(data).Write(useContainers);
        new EngineRecord(data).Write(!useContainers);

        Assert.Equal(expected, new EngineRecord(data).Read());
    }

    [Fact]
    public void Read_AfterAFreshStart_IsNothing()
    {
        using var data = new DataDirectory(_root);
        data.Acquire();
        new EngineRecord(data).Write(useContainers: true);

        data.Clear();

        Assert.Null(new EngineRecord(data).Read());
    }

    [Fact]
    public void Read_DataOfAnEarlierVersion_IsTheKindThatKeptItThere()
    {
        Directory.CreateDirectory(Path.Combine(_root, "postgres"));
        using var data = new DataDirectory(_root);

        Assert.Equal(EngineChoice.Processes, new EngineRecord(data).Read());
    }

    [Theory]
    [InlineData("auto")]
    [InlineData("")]
    [InlineData("docker")]
    [InlineData("7")]
    public void Read_AnotherText_IsAnErrorThatNamesTheFile(string text)
    {
        File.WriteAllText(Path.Combine(_root, "engines"), text);
        using var data = new DataDirectory(_root);

        var failure = Assert.Throws<DistributedApplicationException>(() => new EngineRecord(data).Read());

        Assert.Contains(Path.Combine(_root, "engines"), failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_graph_refuses_the_other_kind_than_that_of_its_data_and_takes_it_on_a_fresh_start()
    {
        var data = $"--Data:Directory={_root}";
        await File.WriteAllTextAsync(Path.Combine(_root, "engines"), "containers\n");

        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        var refused = await ChildProcess.RunAsync(
            PublishedProcess.PathOf("MediaAspire.AppHost"), ["--Engines=processes", "--no-dashboard", data], patience.Token);
        await using var fresh = await GraphModel.DescribeAsync("--Engines=processes", "--Data:Fresh=true", data);

        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("--Engines=containers to keep this data", refused.Error, StringComparison.Ordinal);
        Assert.IsType<LocalPostgresResource>(fresh["postgres"]);
    }

    [Fact]
    public async Task Two_graphs_of_one_checkout_with_different_data_directories_share_no_volume()
    {
        await using var first = await GraphModel.DescribeAsync("--Engines=containers");
        await using var second = await GraphModel.DescribeAsync("--Engines=containers");

        var volumes = new[] { first, second }
            .SelectMany(graph => s_engines.Select(name => graph[name]))
            .Select(engine => engine.Annotations.OfType<ContainerMountAnnotation>().Single().Source)
            .ToList();

        Assert.Equal(6, volumes.Distinct().Count());
    }

    [Fact]
    public async Task A_graph_opens_the_same_volumes_each_time()
    {
        var arguments = new[] { "--Engines=containers", $"--Data:Directory={_root}" };
        await using var first = await GraphModel.DescribeAsync(arguments);
        await using var second = await GraphModel.DescribeAsync(arguments);

        foreach (var name in s_engines)
        {
            Assert.Equal(
                first[name].Annotations.OfType<ContainerMountAnnotation>().Single().Source,
                second[name].Annotations.OfType<ContainerMountAnnotation>().Single().Source);
        }
    }
}
