using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace MediaAspire.Core.Buckets;

public static class BucketHostExtensions
{
    /// <summary>Adds the catalog of buckets and objects; needs the database and the file store.</summary>
    public static TBuilder AddBuckets<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.TryAddSingleton<BucketCatalog>();
        builder.Services.TryAddSingleton<ObjectCatalog>();
        builder.Services.TryAddSingleton<ObjectListings>();
        builder.Services.TryAddSingleton<ObjectLocks>();
        builder.Services.TryAddSingleton<ObjectReader>();

        return builder;
    }
}
