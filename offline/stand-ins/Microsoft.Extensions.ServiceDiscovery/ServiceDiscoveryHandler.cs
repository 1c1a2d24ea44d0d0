using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.ServiceDiscovery;

/// <summary>Replaces the service name in a request's address by the address of one of the service's endpoints.</summary>
internal sealed class ServiceDiscoveryHandler(ConfigurationEndpointResolver resolver, IOptions<ServiceDiscoveryOptions> options)
    : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var requested = request.RequestUri
            ?? throw new InvalidOperationException("Cannot resolve an endpoint for a request which has no RequestUri.");

        request.RequestUri = resolver.Resolve(requested) is { } address ? MoveTo(requested, address) : PassThrough(requested);
        try
        {
            return await base.SendAsync(request, cancellationToken);
        }
        finally
        {
            // A handler outside of this one may send the request again, and then another endpoint has its turn.
            request.RequestUri = requested;
        }
    }

    private static Uri MoveTo(Uri requested, Uri address)
    {
        var result = new UriBuilder(requested) { Scheme = address.Scheme, Host = address.Host, Port = address.Port };
        if (address.AbsolutePath.Length > 1)
        {
            result.Path = $"{address.AbsolutePath.TrimEnd('/')}/{requested.AbsolutePath.TrimStart('/')}";
        }

        return result.Uri;
    }

    private Uri PassThrough(Uri requested)
    {
        var name = ServiceName.Parse(requested);
        if (name.Schemes.Length == 1 && name.Endpoint is null)
        {
            return requested;
        }

        var scheme = name.Schemes[0];
        if (name.Schemes.Length > 1 && options.Value.ApplyAllowedSchemes([scheme]).Count == 0)
        {
            throw new InvalidOperationException($"The scheme '{scheme}' is not allowed.");
        }

        return new UriBuilder(requested) { Scheme = scheme, Host = name.Service }.Uri;
    }
}
