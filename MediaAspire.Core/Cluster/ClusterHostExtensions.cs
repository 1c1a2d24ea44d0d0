using MediaAspire.Core.Database;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace MediaAspire.Core.Cluster;

public static class ClusterHostExtensions
{
    /// <summary>
    /// Adds the cluster's settings, the check of its token and its tables, <see cref="NodeRegistry"/>; needs an NpgsqlDataSource.
    /// </summary>
    public static IHostApplicationBuilder AddNodeRegistry(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptionsWithValidateOnStart<ClusterOptions, ClusterOptionsValidator>()
            .BindConfiguration(ClusterOptions.SectionName)
            .PostConfigure<IConfiguration>(
                (options, configuration) => options.IsOpen = configuration.GetValue<bool>(ClusterOptions.OpenSetting));
        builder.Services.TryAddEnumerable(
        [
            ServiceDescriptor.Singleton<IValidateOptions<ClusterOptions>, ClusterOptionsCustomValidator>(),
            ServiceDescriptor.Singleton<IValidateOptions<ClusterOptions>, ClusterTokenValidator>(),
            ServiceDescriptor.Singleton<IValidateOptions<ClusterOptions>, ClusterTlsValidator>(),
        ]);
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.TryAddSingleton<ClusterAccess>();
        builder.Services.TryAddSingleton<ClusterCertificates>();
        builder.Services.TryAddSingleton<NodeRegistry>();
        builder.Services.AddHostedService<OpenClusterWarning>();
        return builder;
    }

    /// <summary>Adds <see cref="ClusterView"/> and what keeps it fresh; needs an NpgsqlDataSource.</summary>
    public static IHostApplicationBuilder AddCluster(this IHostApplicationBuilder builder)
    {
        builder.AddNodeRegistry();
        builder.AddDatabaseListener();
        builder.Services.AddMetrics();
        builder.Services.TryAddSingleton<ClusterMetrics>();
        builder.Services.TryAddSingleton<ClusterView>();
        builder.Services.TryAddSingleton<DatabaseRestores>();
        builder.Services.AddHealthChecks().AddCheck<RestoreHealthCheck>("database-history");
        builder.Services.AddHostedService<ClusterViewRefresher>();
        return builder;
    }
}
