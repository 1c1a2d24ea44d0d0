using MediaAspire.Core.Imaging;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace MediaAspire.Worker.Imaging;

internal static class ImagingHostExtensions
{
    /// <summary>Adds the processor of pictures, animations and videos.</summary>
    public static IHostApplicationBuilder AddImaging(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptionsWithValidateOnStart<ImagingOptions, ImagingOptionsValidator>()
            .BindConfiguration(ImagingOptions.SectionName);
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.TryAddSingleton<ImagingMetrics>();
        builder.Services.TryAddSingleton(services =>
            new ScratchDirectory(services.GetRequiredService<IOptions<ImagingOptions>>().Value.TempDirectory));
        builder.Services.TryAddSingleton<ImageProcessPool>();
        builder.Services.TryAddSingleton<VipsEngine>();
        builder.AddVideo();
        builder.Services.TryAddEnumerable(
            ServiceDescriptor.Singleton<IFormatEngine, VipsEngine>(services => services.GetRequiredService<VipsEngine>()));
        builder.Services.TryAddSingleton<IImageProcessor, ImageProcessor>();
        builder.Services.AddHealthChecks().AddCheck<ImagingHealthCheck>("imaging", HealthStatus.Degraded);
        return builder;
    }
}
