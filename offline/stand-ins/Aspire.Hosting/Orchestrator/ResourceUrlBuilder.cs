using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Orchestrator;

/// <summary>Decides which addresses the dashboard shows for a resource.</summary>
internal sealed partial class ResourceUrlBuilder(DistributedApplicationExecutionContext executionContext, ResourceLoggerService loggers)
{
    /// <summary>Collects the addresses of the endpoints and the resource's own, and lets its callbacks change them.</summary>
    public async Task<IReadOnlyList<UrlSnapshot>> BuildAsync(IResource resource, CancellationToken cancellationToken)
    {
        var urls = new List<ResourceUrlAnnotation>();
        if (resource is IResourceWithEndpoints owner)
        {
            urls.AddRange(owner.GetEndpoints().Where(endpoint => endpoint.IsAllocated)
                .Select(endpoint => new ResourceUrlAnnotation { Url = endpoint.Url, Endpoint = endpoint }));
        }

        urls.AddRange(resource.Annotations.OfType<ResourceUrlAnnotation>());

        var context = new ResourceUrlsCallbackContext(executionContext, resource, urls, cancellationToken) { Logger = loggers.GetLogger(resource) };
        foreach (var annotation in resource.Annotations.OfType<ResourceUrlsCallbackAnnotation>())
        {
            try
            {
                await annotation.Callback(context);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                // The addresses are for people to look at; the resource runs as well without them.
                LogCallbackFailed(context.Logger, exception);
            }
        }

        return [.. context.Urls.Select(Describe)];
    }

    private static UrlSnapshot Describe(ResourceUrlAnnotation url)
    {
        var absolute = url is { Endpoint.IsAllocated: true } && url.Url.StartsWith('/') ? url.Endpoint.Url + url.Url : url.Url;

        return new(url.Endpoint?.EndpointName, absolute, IsInternal: url.DisplayLocation == UrlDisplayLocation.DetailsOnly)
        {
            IsInactive = url.Endpoint is not null,
            DisplayProperties = new(url.DisplayText ?? "", url.DisplayOrder ?? 0),
        };
    }

    [LoggerMessage(LogLevel.Error, "A callback that decides the addresses of the resource failed.")]
    private static partial void LogCallbackFailed(ILogger logger, Exception exception);
}
