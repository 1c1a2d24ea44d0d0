using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Testing;

/// <summary>Finds the resources of a started application.</summary>
public static class DistributedApplicationHostingTestingExtensions
{
    private static readonly string[] s_defaultEndpoints = ["https", "http"];

    /// <summary>Creates a client whose base address is the resource's endpoint.</summary>
    /// <param name="app">The started application.</param>
    /// <param name="resourceName">The resource's name.</param>
    /// <param name="endpointName">The endpoint's name; <see langword="null"/> means https if the resource has it, else http.</param>
    /// <returns>The client, which the caller disposes of.</returns>
    public static HttpClient CreateHttpClient(this DistributedApplication app, string resourceName, string? endpointName = default)
    {
        var address = app.GetEndpoint(resourceName, endpointName);
        var client = app.Services.GetRequiredService<IHttpClientFactory>().CreateClient();
        client.BaseAddress = address;
        return client;
    }

    /// <summary>Gets the resource's connection string as this process sees it.</summary>
    /// <param name="app">The started application.</param>
    /// <param name="resourceName">The resource's name.</param>
    /// <param name="cancellationToken">Cancels the waiting for the endpoints in it.</param>
    /// <exception cref="ArgumentException">There is no such resource, or it has no connection string.</exception>
    /// <exception cref="InvalidOperationException">The application has not been started.</exception>
    public static ValueTask<string?> GetConnectionStringAsync(
        this DistributedApplication app, string resourceName, CancellationToken cancellationToken = default) =>
        Find(app, resourceName) is IResourceWithConnectionString resource
            ? resource.GetConnectionStringAsync(cancellationToken)
            : throw new ArgumentException($"Resource '{resourceName}' does not expose a connection string.", nameof(resourceName));

    /// <summary>Gets the address of the resource's endpoint.</summary>
    /// <param name="app">The started application.</param>
    /// <param name="resourceName">The resource's name.</param>
    /// <param name="endpointName">The endpoint's name; <see langword="null"/> means https if the resource has it, else http.</param>
    /// <exception cref="ArgumentException">There is no such resource, or it has no such endpoint.</exception>
    /// <exception cref="InvalidOperationException">The application has not been started.</exception>
    public static Uri GetEndpoint(this DistributedApplication app, string resourceName, string? endpointName = default) =>
        app.GetEndpointForNetwork(resourceName, networkIdentifier: null, endpointName);

    /// <summary>Gets the address of the resource's endpoint as seen from a network.</summary>
    /// <param name="app">The started application.</param>
    /// <param name="resourceName">The resource's name.</param>
    /// <param name="networkIdentifier">The network; <see langword="null"/> means this machine's.</param>
    /// <param name="endpointName">The endpoint's name; <see langword="null"/> means https if the resource has it, else http.</param>
    /// <exception cref="ArgumentException">There is no such resource, or it has no such endpoint.</exception>
    /// <exception cref="InvalidOperationException">The application has not been started.</exception>
    public static Uri GetEndpointForNetwork(
        this DistributedApplication app, string resourceName, NetworkIdentifier? networkIdentifier, string? endpointName = default)
    {
        if (Find(app, resourceName) is not IResourceWithEndpoints resource)
        {
            throw new ArgumentException($"Resource '{resourceName}' has no allocated endpoints.", nameof(resourceName));
        }

        var network = networkIdentifier ?? KnownNetworkIdentifiers.LocalhostNetwork;
        string[] candidates = string.IsNullOrEmpty(endpointName) ? s_defaultEndpoints : [endpointName];
        var endpoint = candidates.Select(name => resource.GetEndpoint(name, network)).FirstOrDefault(candidate => candidate.IsAllocated)
            ?? throw new ArgumentException($"Endpoint '{endpointName}' for resource '{resourceName}' not found.", nameof(endpointName));
        return new Uri(endpoint.Url);
    }

    private static IResource Find(DistributedApplication app, string resourceName)
    {
        ArgumentNullException.ThrowIfNull(app);
        ArgumentException.ThrowIfNullOrEmpty(resourceName);

        if (!app.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStarted.IsCancellationRequested)
        {
            throw new InvalidOperationException("The application must be started before resolving endpoints or connection strings.");
        }

        return app.Services.GetRequiredService<DistributedApplicationModel>().Resources
            .FirstOrDefault(resource => string.Equals(resource.Name, resourceName, StringComparison.OrdinalIgnoreCase))
            ?? throw new ArgumentException($"Resource '{resourceName}' not found.", nameof(resourceName));
    }
}
