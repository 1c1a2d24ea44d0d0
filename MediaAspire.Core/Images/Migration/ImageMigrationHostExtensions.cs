using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace MediaAspire.Core.Images.Migration;

public static class ImageMigrationHostExtensions
{
    /// <summary>Adds <see cref="ImageMigrations"/>, and what moves blobs; needs the repository of images.</summary>
    public static IHostApplicationBuilder AddImageMigrations(this IHostApplicationBuilder builder)
    {
        builder.Services.TryAddSingleton<ImageMigrations>();
        builder.Services.TryAddSingleton<BlobMover>();
        return builder;
    }
}
