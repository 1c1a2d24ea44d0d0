using MediaAspire.Core.Images.Variants;
using MediaAspire.Worker.Queue;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace MediaAspire.Worker.Variants;

internal static class VariantWorkerHostExtensions
{
    /// <summary>Adds the job that makes variants; needs images, their processor, and jobs.</summary>
    public static IHostApplicationBuilder AddVariantWork(this IHostApplicationBuilder builder)
    {
        builder.AddVariants();
        builder.Services.TryAddSingleton<VariantMetrics>();
        builder.Services.AddJobHandler<MakeVariant, MakeVariantHandler>(
            MakeVariant.Kind, services => services.GetRequiredService<IOptions<VariantOptions>>().Value.Concurrency);

        return builder;
    }
}
