using MediaAspire.AppHost.Settings;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace MediaAspire.AppHost.PublicAddresses;

/// <summary>Prints the graph's public addresses.</summary>
internal static class PublicAddressExtensions
{
    /// <summary>Prints the endpoint's address when the graph is healthy.</summary>
    /// <param name="resource">The resource.</param>
    /// <param name="endpointName">The endpoint.</param>
    /// <param name="name">The name on the printed line; <see langword="null"/> for the resource's name.</param>
    /// <param name="path">The path of a page behind the endpoint.</param>
    public static IResourceBuilder<T> WithPublicAddress<T>(
        this IResourceBuilder<T> resource, string endpointName, string? name = null, string path = "")
        where T : IResourceWithEndpoints =>
        resource.WithAnnotation(new PublicAddressAnnotation(endpointName, name ?? resource.Resource.Name, path));

    /// <summary>Prints a value after the addresses of the resource.</summary>
    public static IResourceBuilder<T> WithPublicValue<T>(this IResourceBuilder<T> resource, string name, IValueProvider value)
        where T : IResource =>
        resource.WithAnnotation(new PublicValueAnnotation(name, value, IsSecret: false));

    /// <summary>Prints a secret after the addresses of the resource, or with <c>--no-secrets</c> the path of its file.</summary>
    public static IResourceBuilder<T> WithPublicSecret<T>(
        this IResourceBuilder<T> resource, string name, IResourceBuilder<ParameterResource> secret)
        where T : IResource =>
        resource.WithAnnotation(new PublicValueAnnotation(name, secret.Resource, IsSecret: true));

    /// <summary>Prints a line for each public address and value to standard output, name first, when all resources are healthy.</summary>
    public static void AddPublicAddresses(this IDistributedApplicationBuilder builder, AppHostOptions options)
    {
        if (builder.ExecutionContext.IsRunMode)
        {
            builder.Services.AddHostedService(services => new PublicAddressAnnouncer(
                services.GetRequiredService<DistributedApplicationModel>(),
                services.GetRequiredService<ResourceNotificationService>(),
                Console.Out,
                options.SecretsPrinted,
                services.GetRequiredService<ILogger<PublicAddressAnnouncer>>()));
        }
    }
}
