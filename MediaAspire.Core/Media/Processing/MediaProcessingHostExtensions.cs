using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace MediaAspire.Core.Media.Processing;

public static class MediaProcessingHostExtensions
{
    /// <summary>Adds the settings of processing, which the API and the worker share.</summary>
    public static IHostApplicationBuilder AddMediaProcessingOptions(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptionsWithValidateOnStart<MediaProcessingOptions, MediaProcessingOptionsValidator>()
            .BindConfiguration(MediaProcessingOptions.SectionName);
        return builder;
    }

    /// <summary>Adds <see cref="MediaProcessor"/>; needs the media store and the object store.</summary>
    public static IHostApplicationBuilder AddMediaProcessor(this IHostApplicationBuilder builder)
    {
        builder.AddMediaProcessingOptions();
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.TryAddSingleton<IMediaProber, GenericMediaProber>();
        builder.Services.TryAddSingleton<MediaProcessor>();
        return builder;
    }
}
