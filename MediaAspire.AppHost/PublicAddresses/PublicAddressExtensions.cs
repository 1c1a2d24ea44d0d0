using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace MediaAspire.AppHost.PublicAddresses;

/// <summary>Tells whoever started the graph where to find it.</summary>
internal static class PublicAddressExtensions
{
    /// <summary>Has the endpoint's address printed once the graph is healthy.</summary>
    /// <param name="resource">The resource.</param>
    /// <param name="endpointName">The endpoint.</param>
    /// <param name="name">What the line calls it; <see langword="null"/> takes the resource's name.</param>
    public static IResourceBuilder<T> WithPublicAddress<T>(this IResourceBuilder<T> resource, string endpointName, string? name = null)
        where T : IResourceWithEndpoints =>
        resource.WithAnnotation(new PublicAddressAnnotation(endpointName, name ?? resource.Resource.Name));

    /// <summary>Has a value printed after the addresses of the resource.</summary>
    public static IResourceBuilder<T> WithPublicValue<T>(this IResourceBuilder<T> resource, string name, IValueProvider value)
        where T : IResource =>
        resource.WithAnnotation(new PublicValueAnnotation(name, value));

    /// <summary>Prints one line per public address and value to standard output, name first, once everything is healthy.</summary>
    public static void AddPublicAddresses(this IDistributedApplicationBuilder builder)
    {
        if (builder.ExecutionContext.IsRunMode)
        {
            builder.Services.AddHostedService(services => new PublicAddressAnnouncer(
                services.GetRequiredService<DistributedApplicationModel>(),
                services.GetRequiredService<ResourceNotificationService>(),
                Console.Out,
                services.GetRequiredService<ILogger<PublicAddressAnnouncer>>()));
        }
    }
}
