using Microsoft.Extensions.DependencyInjection.Extensions;

namespace MediaAspire.Worker.Imaging;

internal static class VideoHostExtensions
{
    /// <summary>Adds the engine of videos and animated PNGs. It comes before the engine of pictures, which makes its stills.</summary>
    public static IHostApplicationBuilder AddVideo(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptionsWithValidateOnStart<VideoOptions, VideoOptionsValidator>().BindConfiguration(VideoOptions.SectionName);
        builder.Services.TryAddSingleton<BoundedProgram>();
        builder.Services.TryAddSingleton<VideoProbe>();
        builder.Services.TryAddSingleton<PosterFrames>();
        builder.Services.TryAddSingleton<VideoRenderer>();
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IFormatEngine, FfmpegEngine>());
        return builder;
    }
}
