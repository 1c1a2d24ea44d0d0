using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.ServiceDiscovery;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds service discovery to an application.</summary>
public static class ServiceDiscoveryServiceCollectionExtensions
{
    /// <summary>Adds discovery of services that are named in configuration; other names are left to DNS.</summary>
    /// <param name="services">The service collection.</param>
    /// <returns>The service collection.</returns>
    public static IServiceCollection AddServiceDiscovery(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);

        services.AddOptions();
        services.AddLogging();
        services.TryAddSingleton<ConfigurationEndpointResolver>();
        return services;
    }

    /// <summary>Adds discovery of services that are named in configuration; other names are left to DNS.</summary>
    /// <param name="services">The service collection.</param>
    /// <param name="configureOptions">Configures the options.</param>
    /// <returns>The service collection.</returns>
    public static IServiceCollection AddServiceDiscovery(
        this IServiceCollection services, Action<ServiceDiscoveryOptions> configureOptions)
    {
        ArgumentNullException.ThrowIfNull(configureOptions);

        return services.AddServiceDiscovery().Configure(configureOptions);
    }
}
