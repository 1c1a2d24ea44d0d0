using MediaAspire.Core.Imaging;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace MediaAspire.Worker.Imaging;

internal static class VideoHostExtensions
{
    /// <summary>Adds the engine of videos and animated PNGs. It comes before the engine of pictures, which makes its stills.</summary>
    public static IHostApplicationBuilder AddVideo(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptionsWithValidateOnStart<VideoOptions, VideoOptionsValidator>().BindConfiguration(VideoOptions.SectionName);
        builder.Services.TryAddSingleton<TemporaryFiles>();
        builder.Services.TryAddSingleton<BoundedProgram>();
        builder.Services.TryAddSingleton<VideoProbe>();
        builder.Services.TryAddSingleton<PosterFrames>();
        builder.Services.TryAddSingleton<VideoRenderer>();
        builder.Services.TryAddSingleton(services => new FfmpegEngine(
            services.GetRequiredService<VideoProbe>(),
            services.GetRequiredService<PosterFrames>(),
            services.GetRequiredService<VideoRenderer>(),
            new Lazy<IFormatEngine>(() => services.GetServices<IFormatEngine>().Last(engine => engine.Reads(ImageFormat.Png))),
            services.GetRequiredService<TemporaryFiles>()));
        builder.Services.TryAddEnumerable(
            ServiceDescriptor.Singleton<IFormatEngine, FfmpegEngine>(services => services.GetRequiredService<FfmpegEngine>()));
        return builder;
    }
}
