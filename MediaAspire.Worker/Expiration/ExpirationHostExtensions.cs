using MediaAspire.Core.Buckets;
using MediaAspire.Core.Lifecycle;
using MediaAspire.Worker.Duties;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace MediaAspire.Worker.Expiration;

internal static class ExpirationHostExtensions
{
    /// <summary>Adds the duty that carries the rules of buckets out; needs the database and the duties.</summary>
    public static IHostApplicationBuilder AddExpiration(this IHostApplicationBuilder builder)
    {
        builder.AddLifecycleCatalog();
        builder.Services.AddOptionsWithValidateOnStart<ExpirationOptions, ExpirationOptionsValidator>()
            .BindConfiguration(ExpirationOptions.SectionName);
        builder.Services.TryAddSingleton<MultipartCatalog>();
        builder.Services.TryAddSingleton<ExpirationMetrics>();
        builder.Services.TryAddSingleton<ExpirationWalker>();
        builder.Services.AddDuty<ExpirationDuty>();
        return builder;
    }
}
