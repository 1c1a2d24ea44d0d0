using MediaAspire.Core.Images.Variants;
using MediaAspire.Core.Media;
using MediaAspire.Core.Media.Postgres;
using MediaAspire.Core.Media.Processing;
using MediaAspire.Core.Media.Variants;
using MediaAspire.Core.ObjectStore;
using MediaAspire.Worker.Queue;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace MediaAspire.Worker.Processing;

internal static class ProcessingHostExtensions
{
    /// <summary>Adds the handler of <see cref="ProcessMedia"/>; needs the database, the job queue and the processor of pictures.</summary>
    public static IHostApplicationBuilder AddMediaProcessing(this IHostApplicationBuilder builder)
    {
        builder.AddMediaStore();
        builder.AddObjectStore();
        builder.Services.TryAddSingleton<IMediaProber, ImageProber>();
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IVariantSource, MediaObjectSource>());
        builder.AddMediaProcessor();
        builder.Services.AddOptionsWithValidateOnStart<ProcessingWorkerOptions, ProcessingWorkerOptionsValidator>()
            .BindConfiguration(ProcessingWorkerOptions.SectionName);
        builder.Services.TryAddSingleton<MediaProcessingMetrics>();
        builder.Services.AddJobHandler<ProcessMedia, ProcessMediaHandler>(
            ProcessMedia.Kind, services => services.GetRequiredService<IOptions<ProcessingWorkerOptions>>().Value.ProcessConcurrency);
        return builder;
    }
}
