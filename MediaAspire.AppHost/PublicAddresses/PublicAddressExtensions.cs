using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace MediaAspire.AppHost.PublicAddresses;

/// <summary>Tells whoever started the graph where to find it.</summary>
internal static class PublicAddressExtensions
{
    /// <summary>Has the endpoint's address printed once the graph is healthy.</summary>
    public static IResourceBuilder<T> WithPublicAddress<T>(this IResourceBuilder<T> resource, string endpointName)
        where T : IResourceWithEndpoints =>
        resource.WithAnnotation(new PublicAddressAnnotation(endpointName));

    /// <summary>Prints one line per public address to standard output, name first and address last, once everything is healthy.</summary>
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
