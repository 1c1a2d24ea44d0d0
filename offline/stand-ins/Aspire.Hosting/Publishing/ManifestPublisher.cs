using System.Text.Json;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Publishing;

/// <summary>Writes the application model as a manifest, which deployment tools read.</summary>
internal sealed partial class ManifestPublisher(
    DistributedApplicationExecutionContext executionContext, IConfiguration configuration, ILogger<ManifestPublisher> logger)
{
    /// <summary>The name of the step that <c>--step</c> asks for.</summary>
    public const string StepName = "publish-manifest";

    private const string DefaultFileName = "aspire-manifest.json";

    /// <summary>Writes the manifest to the path of <c>--output-path</c>: a file if it ends in <c>.json</c>, else a directory.</summary>
    /// <exception cref="DistributedApplicationException">There is no output path, or the model cannot be written.</exception>
    public async Task PublishAsync(DistributedApplicationModel model, CancellationToken cancellationToken)
    {
        var outputPath = configuration["Pipeline:OutputPath"] ?? throw new DistributedApplicationException(
            "The '--output-path [path]' option was not specified even though manifest publishing was requested.");

        var file = Path.GetFullPath(
            outputPath.EndsWith(".json", StringComparison.Ordinal) ? outputPath : Path.Combine(outputPath, DefaultFileName));
        if (Path.GetDirectoryName(file) is { } directory)
        {
            Directory.CreateDirectory(directory);
        }

        await using var stream = new FileStream(file, FileMode.Create);
        await using var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true });
        await new ManifestPublishingContext(executionContext, file, writer, cancellationToken).WriteModelAsync(model);
        LogPublished(logger, file);
    }

    [LoggerMessage(LogLevel.Information, "Published manifest to: {ManifestPath}")]
    private static partial void LogPublished(ILogger logger, string manifestPath);
}
