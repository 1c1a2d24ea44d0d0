using MediaAspire.AppHost.Data;
using MediaAspire.AppHost.PublicAddresses;
using MediaAspire.AppHost.Publishing;
using MediaAspire.AppHost.Settings;

namespace MediaAspire.AppHost.Security;

/// <summary>Adds the API's listener for operators to the graph.</summary>
internal static class AdminExtensions
{
    /// <summary>The name of the API's endpoint that alone serves <c>/admin</c>, metrics, the reference and detailed health.</summary>
    public const string EndpointName = "admin";

    private const int PublishedPort = 9001;

    /// <summary>
    /// Adds the endpoint <c>admin</c>, which is never external. Prints its address, that of the console there, and the first API key. Also
    /// writes a configuration of curl with the key.
    /// </summary>
    public static IResourceBuilder<ProjectResource> WithAdminEndpoint(
        this IResourceBuilder<ProjectResource> api, AppHostOptions options, IResourceBuilder<ParameterResource> key, DataDirectory data)
    {
        api.WithDirectEndpoint(EndpointName, options.ApiReplicas, options.AdminPort).WithPublishedPort(EndpointName, PublishedPort);

        return api
            .WithEnvironment("Admin__Port", api.GetEndpoint(EndpointName).Property(EndpointProperty.TargetPort))
            .WithEnvironment("Security__AdminKey", key)
            .WithPublicAddress(EndpointName, "admin")
            .WithPublicAddress(EndpointName, "console", "/console")
            .WithPublicSecret("api-key", key)
            .WithPublicValue("curl-config", new CurlConfiguration(Path.Combine(data.Path, "security", "curl.conf"), key.Resource));
    }
}
