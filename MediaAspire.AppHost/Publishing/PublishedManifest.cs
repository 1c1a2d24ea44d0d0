#pragma warning disable ASPIREPIPELINES001 // The pipeline's API is experimental. There is no other way to add to "aspire publish".

using Aspire.Hosting.Pipelines;
using Microsoft.Extensions.DependencyInjection;

namespace MediaAspire.AppHost.Publishing;

/// <summary>Writes the manifest when the graph is published.</summary>
internal static class PublishedManifest
{
    /// <summary>The directory that is written to when the command line names none.</summary>
    public const string DefaultOutput = "aspire-output";

    // Aspire's own step, which runs by itself only for "--publisher manifest".
    private const string ManifestStep = "publish-manifest";

    /// <summary>Makes the manifest a part of <c>aspire publish</c>, which otherwise writes nothing for a graph without a compute environment.</summary>
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
