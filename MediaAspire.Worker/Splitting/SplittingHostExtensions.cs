using MediaAspire.Core.NamedFiles;
using MediaAspire.Worker.Duties;
using MediaAspire.Worker.Queue;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace MediaAspire.Worker.Splitting;

internal static class SplittingHostExtensions
{
    /// <summary>
    /// Adds the handler that splits staged files, and the duty that looks after short-term storage; needs files and the job queue.
    /// </summary>
    public static IHostApplicationBuilder AddSplitting(this IHostApplicationBuilder builder)
    {
        builder.AddNamedFileStore();
        builder.Services.AddOptionsWithValidateOnStart<SplittingOptions, SplittingOptionsValidator>()
            .BindConfiguration(SplittingOptions.SectionName);
        builder.Services.TryAddSingleton<SplittingMetrics>();
        builder.Services.AddJobHandler<SplitFile, SplitFileHandler>(SplitFile.Kind);
        builder.Services.AddDuty<StagingDuty>();

        return builder;
    }
}
