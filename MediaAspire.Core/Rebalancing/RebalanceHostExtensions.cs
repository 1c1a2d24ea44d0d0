using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace MediaAspire.Core.Rebalancing;

public static class RebalanceHostExtensions
{
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
