using MediaAspire.Core.Media.Postgres;
using MediaAspire.Core.Media.Redis;
using MediaAspire.Worker.Duties;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace MediaAspire.Worker.MetadataSync;

internal static class MetadataSyncHostExtensions
{
    /// <summary>
    /// Adds the stores of the catalog and, where Redis is one of them, the duty that keeps it in step; needs the database, Redis, the job
    /// queue and the duties.
    /// </summary>
    public static IHostApplicationBuilder AddMetadataSync(this IHostApplicationBuilder builder)
    {
        builder.AddMediaStore();
        builder.AddMetadataStores();
        if (builder.UsesMetadataInRedis())
        {
            builder.Services.AddMetadataSync();
            builder.Services.TryAddSingleton<MetadataRunner>();
            builder.Services.AddDuty<MetadataDuty>();
        }

        return builder;
    }
}
