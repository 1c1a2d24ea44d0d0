using MediaAspire.Core.Media.Postgres;
using MediaAspire.Core.Tags;
using MediaAspire.Worker.Duties;
using MediaAspire.Worker.Queue;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace MediaAspire.Worker.Tags;

internal static class TagWorkerHostExtensions
{
    /// <summary>Adds the duty and the job of tags; needs the database, the job queue and the duties.</summary>
    public static IHostApplicationBuilder AddTagWork(this IHostApplicationBuilder builder)
    {
        builder.AddMediaStore();
        builder.AddTags();
        builder.Services.AddOptionsWithValidateOnStart<TagOptions, TagOptionsValidator>().BindConfiguration(TagOptions.SectionName);
        builder.Services.TryAddSingleton<TagMetrics>();
        builder.Services.AddJobHandler<ApplyTagChange, ApplyTagChangeHandler>(ApplyTagChange.Kind);
        builder.Services.AddDuty<TagDuty>();

        return builder;
    }
}
