using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace MediaAspire.Core.Buckets;

public static class BucketHostExtensions
{
    /// <summary>Adds the catalog of buckets; needs the database.</summary>
    public static TBuilder AddBuckets<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.TryAddSingleton<BucketCatalog>();

        return builder;
    }
}
