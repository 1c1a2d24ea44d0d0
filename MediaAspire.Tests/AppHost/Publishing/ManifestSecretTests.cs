using MediaAspire.AppHost.Engines.Processes;

namespace MediaAspire.Tests.AppHost.Publishing;

/// <summary>Tests that publishing writes no secrets of the AppHost.</summary>
public sealed class ManifestSecretTests : IDisposable
{
    private readonly DirectoryInfo _parent = Directory.CreateTempSubdirectory("mediaaspire-published-");

    public void Dispose() => _parent.Delete(recursive: true);

    [Fact]
    public async Task No_secret_of_the_configuration_gets_into_the_manifest_and_nothing_is_made_on_this_machine()
    {
        var data = Path.Combine(_parent.FullName, "data");

        var manifest = await PublishedManifest.PublishAsync(
            $"--Data:Directory={data}",
            "--Parameters:postgres-password=known-1",
            "--Parameters:redis-password=known-2",
            "--Parameters:s3-secrets-key=known-3",
            "--Parameters:cluster-token=known-4",
            "--S3:SecretsKey=known-5",
            "--S3:RootAccessKey=known-6",
            "--S3:RootSecretKey=known-7",
            "--Cluster:Token=known-8",
            "--Cluster:SecondToken=known-13",
            "--Security:AdminKey=known-11",
            "--Parameters:admin-key=known-12",
            "--Security:EventsKey=known-14",
            "--Parameters:events-secret=known-15",
            "--Images:Signing:Keys:K_1=known-17",
            "--Images:Imgproxy:Keys:0:Key=known-18",
            "--Images:Imgproxy:Keys:0:Salt=known-19",
            "--Notifications:Targets:mine:Url=https://example.org",
            "--Notifications:Targets:mine:Token=known-16",
            "--ConnectionStrings:s3=Endpoint=http://s3.example;AccessKey=known-9;SecretKey=known-10;Region=r;Bucket=b");

        Assert.DoesNotContain("known-", manifest.Text, StringComparison.Ordinal);
        Assert.Equal("{cluster-token.value}", manifest["storage-1"].GetProperty("env").GetProperty("Cluster__Token").GetString());
        Assert.Equal("{cluster-token.value}", manifest["worker"].GetProperty("env").GetProperty("Cluster__Token").GetString());
        Assert.Equal("{cluster-token.value}", manifest["api"].GetProperty("env").GetProperty("Cluster__Token").GetString());
        Assert.Equal("{cluster-second-token.value}", manifest["worker"].GetProperty("env").GetProperty("Cluster__SecondToken").GetString());
        Assert.Equal("{admin-key.value}", manifest["api"].GetProperty("env").GetProperty("Security__AdminKey").GetString());
        Assert.Equal(
            "ma_mediaevents_{events-secret.value}", manifest["api"].GetProperty("env").GetProperty("Security__EventsKey").GetString());
        Assert.Equal(
            "{notifications-mine-token.value}",
            manifest["worker"].GetProperty("env").GetProperty("Notifications__Targets__mine__Token").GetString());
        Assert.Equal(
            "{images-signing-keys-k-1.value}", manifest["api"].GetProperty("env").GetProperty("Images__Signing__Keys__K_1").GetString());
        Assert.Equal(
            "{images-imgproxy-keys-0-salt.value}",
            manifest["api"].GetProperty("env").GetProperty("Images__Imgproxy__Keys__0__Salt").GetString());
        Assert.False(Directory.Exists(data));
    }

    [Fact]
    public async Task An_open_graph_is_not_published()
    {
        var result = await ChildProcess.RunAsync(
            PublishedProcess.PathOf("MediaAspire.AppHost"),
            ["--publisher", "manifest", "--output-path", _parent.FullName, "--Security:Open=true"],
            CancellationToken.None);

        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains("Security:Open is true", result.Error, StringComparison.Ordinal);
        Assert.Empty(_parent.GetFiles());
    }

    [Fact]
    public async Task A_connection_string_s3_is_asked_of_the_deployment_as_a_secret()
    {
        var manifest = await PublishedManifest.PublishAsync("--ConnectionStrings:s3=Endpoint=http://s3.example");

        var input = manifest["s3"].GetProperty("inputs").GetProperty("value");
        Assert.True(input.GetProperty("secret").GetBoolean());
        Assert.False(input.TryGetProperty("default", out _));
        Assert.Equal("{s3.connectionString}", manifest["api"].GetProperty("env").GetProperty("ConnectionStrings__s3").GetString());
    }
}
