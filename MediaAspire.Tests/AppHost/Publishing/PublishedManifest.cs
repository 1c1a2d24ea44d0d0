using System.Text.Json;
using MediaAspire.AppHost.Engines.Processes;
using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.AppHost.Publishing;

/// <summary>A manifest that the AppHost wrote, with paths relative to the repository.</summary>
internal sealed class PublishedManifest
{
    private readonly JsonDocument _document;

    private PublishedManifest(string text)
    {
        Text = text;
        _document = JsonDocument.Parse(text);
    }

    public string Text { get; }

    public JsonElement Resources => _document.RootElement.GetProperty("resources");

    public JsonElement this[string resource] => Resources.GetProperty(resource);

    /// <summary>Publishes as azd does.</summary>
    public static Task<PublishedManifest> PublishAsync(params string[] arguments) => RunAsync(["--publisher", "manifest", .. arguments]);

    /// <summary>Publishes as <c>aspire publish</c> does.</summary>
    public static Task<PublishedManifest> PublishByPipelineAsync() => RunAsync(["--operation", "publish", "--step", "publish"]);

    private static async Task<PublishedManifest> RunAsync(string[] arguments)
    {
        var output = Directory.CreateTempSubdirectory("mediaaspire-manifest-");
        try
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
            var result = await ChildProcess.RunAsync(
                PublishedProcess.PathOf("MediaAspire.AppHost"), [.. arguments, "--output-path", output.FullName], patience.Token);
            Assert.True(result.ExitCode == 0, $"The AppHost ended with {result.ExitCode}: {result.Output}{result.Error}");

            var text = await File.ReadAllTextAsync(Path.Combine(output.FullName, "aspire-manifest.json"), patience.Token);
            return new(text.Replace(Path.GetRelativePath(output.FullName, Snapshot.Repository), ".", StringComparison.Ordinal) + "\n");
        }
        finally
        {
            output.Delete(recursive: true);
        }
    }
}
