using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace MediaAspire.Core.Quotas;

public static class QuotaHostExtensions
{
    /// <summary>Adds the quotas of owners and buckets; needs the database.</summary>
    public static TBuilder AddQuotas<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.TryAddSingleton<QuotaCatalog>();
        builder.Services.TryAddSingleton<QuotaCounter>();
        builder.Services.TryAddSingleton<QuotaGate>();

        return builder;
    }
}
