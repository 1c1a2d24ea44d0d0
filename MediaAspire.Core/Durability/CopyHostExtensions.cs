using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace MediaAspire.Core.Durability;

public static class CopyHostExtensions
{
    /// <summary>Adds what makes and counts copies; needs the database, the cluster and the chunk nodes' clients.</summary>
    public static IHostApplicationBuilder AddCopies(this IHostApplicationBuilder builder)
    {
        builder.AddCopyAuditor();
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.TryAddSingleton<CopyLedger>();
        builder.Services.TryAddSingleton<CopyCatalog>();
        builder.Services.TryAddSingleton<CopyMaker>();
        return builder;
    }

    /// <summary>Adds what plans rebalances and remembers them; needs the database and the cluster.</summary>
    public static IHostApplicationBuilder AddRebalances(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptionsWithValidateOnStart<RebalancingOptions, RebalancingOptionsValidator>()
            .BindConfiguration(RebalancingOptions.SectionName);
        builder.Services.TryAddSingleton<RebalanceStore>();
        builder.Services.TryAddSingleton<RebalancePlanner>();
        return builder;
    }
}
