using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.AppHost.Publishing;

/// <summary>Compares everything that is published with approved files.</summary>
public sealed class ManifestSnapshotTests
{
    [Theory]
    [InlineData("default.json")]
    [InlineData("three-nodes.json", "--Storage:Nodes=3")]
    public async Task The_manifest_is_the_approved_one(string snapshot, params string[] arguments)
    {
        var manifest = await PublishedManifest.PublishAsync(arguments);

        Snapshot.AssertMatches($"AppHost/Publishing/Manifests/{snapshot}", manifest.Text);
    }

    [Fact]
    public async Task The_aspire_command_line_publishes_the_same_manifest()
    {
        var manifest = await PublishedManifest.PublishByPipelineAsync();

        Snapshot.AssertMatches("AppHost/Publishing/Manifests/default.json", manifest.Text);
    }
}
