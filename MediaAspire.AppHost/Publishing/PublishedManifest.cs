#pragma warning disable ASPIREPIPELINES001 // The pipeline's API is experimental, and the only way to extend "aspire publish".

using Aspire.Hosting.Pipelines;
using Microsoft.Extensions.DependencyInjection;

namespace MediaAspire.AppHost.Publishing;

/// <summary>Writes the manifest when the graph is published.</summary>
internal static class PublishedManifest
{
    /// <summary>The default output directory.</summary>
    public const string DefaultOutput = "aspire-output";

    // Aspire's own step, which otherwise runs only for "--publisher manifest".
    private const string ManifestStep = "publish-manifest";

    /// <summary>Adds the manifest to the output of <c>aspire publish</c>.</summary>
    /// <remarks>Without a compute environment in the graph, that command would write nothing.</remarks>
    public static void AddPublishedManifest(this IDistributedApplicationBuilder builder)
    {
        if (!builder.ExecutionContext.IsPublishMode)
        {
            return;
        }

        builder.Services.PostConfigure<PipelineOptions>(options => options.OutputPath ??= Path.GetFullPath(DefaultOutput));
        builder.Pipeline.AddPipelineConfiguration(context =>
        {
            context.Steps.Single(step => step.Name == ManifestStep).RequiredBy(WellKnownPipelineSteps.Publish);
            return Task.CompletedTask;
        });
    }
}
