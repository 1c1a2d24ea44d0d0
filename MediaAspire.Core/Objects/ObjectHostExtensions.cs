using MediaAspire.Core.Buckets;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace MediaAspire.Core.Objects;

public static class ObjectHostExtensions
{
    /// <summary>Adds the catalog of objects and their buckets; needs the database and the file store.</summary>
    public static TBuilder AddObjects<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        builder.AddBuckets();
        builder.Services.TryAddSingleton<ObjectCatalog>();
        builder.Services.TryAddSingleton<ObjectListings>();
        builder.Services.TryAddSingleton<ObjectLocks>();
        builder.Services.TryAddSingleton<ObjectWriter>();
        builder.Services.TryAddSingleton<ObjectReader>();

        return builder;
    }
}
