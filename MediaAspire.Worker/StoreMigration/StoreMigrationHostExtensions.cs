using MediaAspire.Core.Images;
using MediaAspire.Core.Images.Migration;
using MediaAspire.Worker.Duties;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace MediaAspire.Worker.StoreMigration;

internal static class StoreMigrationHostExtensions
{
    /// <summary>Adds the duty that moves images between the stores; needs the file store, duties and a scratch directory.</summary>
    public static IHostApplicationBuilder AddStoreMigration(this IHostApplicationBuilder builder)
    {
        builder.AddImageStore();
        builder.AddImageMigrations();
        builder.Services.AddOptionsWithValidateOnStart<StoreMigrationOptions, StoreMigrationOptionsValidator>()
            .BindConfiguration(StoreMigrationOptions.SectionName);
        builder.Services.TryAddSingleton<BlobMover>();
        builder.Services.TryAddSingleton<StoreMigrationMetrics>();
        builder.Services.AddDuty<StoreMigrationDuty>();

        return builder;
    }
}
