using MediaAspire.Core.Cluster;
using MediaAspire.Core.Lifecycle;
using MediaAspire.Core.Multipart;
using MediaAspire.Worker.Duties;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace MediaAspire.Worker.Lifecycle;

internal static class LifecycleHostExtensions
{
    /// <summary>Adds the duty that carries the rules of buckets out; needs the database and the duties.</summary>
    public static IHostApplicationBuilder AddLifecycle(this IHostApplicationBuilder builder)
    {
        builder.AddLifecycleCatalog();
        builder.Services.AddOptionsWithValidateOnStart<LifecycleOptions, LifecycleOptionsValidator>()
            .BindConfiguration(LifecycleOptions.SectionName);
        builder.Services.TryAddSingleton<DatabaseRestores>();
        builder.Services.TryAddSingleton<MultipartCatalog>();
        builder.Services.TryAddSingleton<LifecycleMetrics>();
        builder.Services.TryAddSingleton<LifecycleWalker>();
        builder.Services.AddDuty<LifecycleDuty>();
        return builder;
    }
}
