namespace Microsoft.Extensions.ServiceDiscovery;

/// <summary>
/// What a request's address asks for: <c>https+http://_dashboard.api/path</c> is the endpoint <c>dashboard</c> of the service
/// <c>api</c>, over https if it has one, else over http.
/// </summary>
/// <param name="Service">The service's name.</param>
/// <param name="Endpoint">The endpoint's name, or <see langword="null"/> when the scheme names it.</param>
/// <param name="Schemes">The accepted schemes in order of preference.</param>
internal readonly record struct ServiceName(string Service, string? Endpoint, string[] Schemes)
{
    public static ServiceName Parse(Uri address)
    {
        var schemes = address.Scheme.Split('+');
        var separator = address.Host.IndexOf('.', StringComparison.Ordinal);

        return address.Host.StartsWith('_') && separator > 1
            ? new ServiceName(address.Host[(separator + 1)..], address.Host[1..separator], schemes)
            : new ServiceName(address.Host, null, schemes);
    }
}
