using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.ServiceDiscovery;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Lets HTTP clients address services by name.</summary>
public static class ServiceDiscoveryHttpClientBuilderExtensions
{
    /// <summary>Makes the client resolve addresses such as <c>https+http://api</c>.</summary>
    /// <param name="httpClientBuilder">The client, or the defaults of all clients.</param>
    /// <returns>The same builder.</returns>
    public static IHttpClientBuilder AddServiceDiscovery(this IHttpClientBuilder httpClientBuilder)
    {
        ArgumentNullException.ThrowIfNull(httpClientBuilder);

        var services = httpClientBuilder.Services.AddServiceDiscovery();
        httpClientBuilder.AddHttpMessageHandler(provider => new ServiceDiscoveryHandler(
            provider.GetRequiredService<ConfigurationEndpointResolver>(),
            provider.GetRequiredService<IOptions<ServiceDiscoveryOptions>>()));

        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHttpMessageHandlerBuilderFilter, GrpcLoadBalancingFilter>());
        services.Configure<DiscoveringClients>(clients => clients.Names.Add(httpClientBuilder.Name));
        return httpClientBuilder;
    }
}
