using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace MediaAspire.Core.Images.Migration;

public static class ImageMigrationHostExtensions
{
    /// <summary>Adds <see cref="ImageMigrations"/>; needs the repository of images.</summary>
    public static IHostApplicationBuilder AddImageMigrations(this IHostApplicationBuilder builder)
    {
        builder.Services.TryAddSingleton<ImageMigrations>();
        return builder;
    }
}
