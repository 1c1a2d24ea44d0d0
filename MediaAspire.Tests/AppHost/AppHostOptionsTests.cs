using Aspire.Hosting;
using MediaAspire.AppHost.Settings;
using Microsoft.Extensions.Configuration;

namespace MediaAspire.Tests.AppHost;

public sealed class AppHostOptionsTests
{
    [Fact]
    public void Read_NothingSet_GivesDefaults()
    {
        var options = Read();

        Assert.Equal(EngineChoice.Auto, options.Engines);
        Assert.Equal(6, options.StorageNodes);
        Assert.Equal(1, options.ApiReplicas);
        Assert.Null(options.ApiPort);
        Assert.Null(options.S3Port);
        Assert.Equal(1, options.WorkerReplicas);
        Assert.Equal("/app/.data", options.DataDirectory);
        Assert.False(options.Fresh);
        Assert.True(options.S3Enabled);
        Assert.False(options.HasS3ConnectionString);
    }

    [Fact]
    public void Read_SwitchFresh_TakesNoValueAndSwallowsNone()
    {
        var configuration = new ConfigurationBuilder()
            .AddCommandLine(AppHostOptions.ForBuilder(["--fresh", "--Storage:Nodes=7", "--Engines=processes"]).Args!)
            .Build();

        var options = AppHostOptions.Read(configuration, "/app");

        Assert.True(options.Fresh);
        Assert.Equal(7, options.StorageNodes);
        Assert.Equal(EngineChoice.Processes, options.Engines);
    }

    [Fact]
    public void Read_SeveralWrongSettings_NamesThemAll()
    {
        var failure = Assert.Throws<DistributedApplicationException>(() => Read(
            ("Engines", "podman"), ("Storage:Nodes", "0"), ("Api:Replicas", "many"), ("Api:Port", "70000"),
            ("S3:Enabled", "maybe"), ("S3:Port", "s3")));

        Assert.Contains("Engines is 'podman'. Use auto, containers or processes.", failure.Message, StringComparison.Ordinal);
        Assert.Contains("Storage:Nodes is '0'. Use a whole number from 1 to 64.", failure.Message, StringComparison.Ordinal);
        Assert.Contains("Api:Replicas is 'many'", failure.Message, StringComparison.Ordinal);
        Assert.Contains("Api:Port is '70000'", failure.Message, StringComparison.Ordinal);
        Assert.Contains("S3:Port is 's3'", failure.Message, StringComparison.Ordinal);
        Assert.Contains("S3:Enabled is 'maybe'. Use true or false.", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/srv/media", "/srv/media")]
    [InlineData("elsewhere", "/app/elsewhere")]
    public void Read_DataDirectory_IsRelativeToTheAppHost(string configured, string expected) =>
        Assert.Equal(expected, Read(("Data:Directory", configured)).DataDirectory);

    private static AppHostOptions Read(params (string Key, string Value)[] settings) =>
        AppHostOptions.Read(
            new ConfigurationBuilder()
                .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)))
                .Build(),
            "/app");
}
