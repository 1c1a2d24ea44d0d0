using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Health;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting;

public static partial class ResourceBuilderExtensions
{
    /// <summary>Ties the resource to a registered health check.</summary>
    /// <exception cref="DistributedApplicationException">It is tied to that one already.</exception>
    public static IResourceBuilder<T> WithHealthCheck<T>(this IResourceBuilder<T> builder, string key)
        where T : IResource
    {
        ArgumentNullException.ThrowIfNull(builder);

        return builder.Resource.Annotations.OfType<HealthCheckAnnotation>().Any(check => check.Key == key)
            ? throw new DistributedApplicationException($"Resource '{builder.Resource.Name}' already has a health check with key '{key}'.")
            : builder.WithAnnotation(new HealthCheckAnnotation(key));
    }

    /// <summary>Checks the resource by a GET request.</summary>
    /// <param name="builder">The resource.</param>
    /// <param name="path">The path; null means the root.</param>
    /// <param name="statusCode">The status that means healthy; null means 200.</param>
    /// <param name="endpointName">The endpoint; null takes the one named <c>http</c>, or else <c>https</c>.</param>
    public static IResourceBuilder<T> WithHttpHealthCheck<T>(
        this IResourceBuilder<T> builder,
        string? path = null,
        int? statusCode = null,
        [EndpointName] string? endpointName = null)
        where T : IResourceWithEndpoints
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.WithHttpHealthCheck(() => builder.HttpEndpoint(endpointName), path, statusCode);
    }

    /// <summary>Checks the resource by a GET request to an endpoint that is chosen by a function.</summary>
    public static IResourceBuilder<T> WithHttpHealthCheck<T>(
        this IResourceBuilder<T> builder,
        Func<EndpointReference>? endpointSelector,
        string? path = null,
        int? statusCode = null)
        where T : IResourceWithEndpoints
    {
        ArgumentNullException.ThrowIfNull(builder);

        var endpoint = endpointSelector is null ? builder.HttpEndpoint(name: null) : endpointSelector();
        RequireHttp(builder.Resource, endpoint);

        var expectedStatus = statusCode ?? 200;
        var key = $"{builder.Resource.Name}_{endpoint.EndpointName}_{path ?? "/"}_{expectedStatus}_check";
        var services = builder.ApplicationBuilder.Services;

        services.AddHttpClient(key);
        services.AddLogging(logging => logging.AddFilter($"System.Net.Http.HttpClient.{key}", LogLevel.Warning));
        services.AddHealthChecks().Add(new(
            key,
            provider => new EndpointHealthCheck(endpoint, path ?? "/", expectedStatus, provider.GetRequiredService<IHttpClientFactory>().CreateClient(key)),
            failureStatus: HealthStatus.Unhealthy,
            tags: null));

        return builder.WithHealthCheck(key);
    }

    private static EndpointReference HttpEndpoint<T>(this IResourceBuilder<T> builder, string? name)
        where T : IResourceWithEndpoints
    {
        string[] candidates = name is null ? ["http", "https"] : [name];

        return candidates.Select(candidate => builder.Resource.GetEndpoint(candidate)).FirstOrDefault(endpoint => endpoint.Exists)
            ?? throw new DistributedApplicationException(
                $"Resource '{builder.Resource.Name}' has no endpoint named '{string.Join("' or '", candidates)}'.");
    }

    private static void RequireHttp(IResource resource, EndpointReference endpoint)
    {
        if (endpoint.Scheme is not ("http" or "https"))
        {
            throw new DistributedApplicationException($"The endpoint '{endpoint.EndpointName}' of resource '{resource.Name}' is not an HTTP endpoint.");
        }
    }
}
