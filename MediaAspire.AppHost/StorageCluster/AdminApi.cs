namespace MediaAspire.AppHost.StorageCluster;

/// <summary>The API's admin listener, with a key for it.</summary>
/// <param name="Endpoint">The endpoint that serves <c>/admin</c>.</param>
/// <param name="Key">The API key.</param>
internal sealed record AdminApi(EndpointReference Endpoint, IValueProvider Key)
{
    private const string KeyHeader = "X-Api-Key";

    /// <summary>Creates a request with the key.</summary>
    public async Task<HttpRequestMessage> CreateRequestAsync(HttpMethod method, string path, CancellationToken cancellationToken)
    {
        var request = new HttpRequestMessage(method, new Uri(new Uri(Endpoint.Url), path));
        await AuthorizeAsync(request, cancellationToken);
        return request;
    }

    /// <summary>Adds the key to a request.</summary>
    public async Task AuthorizeAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        request.Headers.Add(KeyHeader, await Key.GetValueAsync(cancellationToken));
}
