using System.Collections.Concurrent;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.ServiceDiscovery;

/// <summary>
/// Finds the addresses of a service under <c>Services:{service}:{endpoint}</c>, which holds one value or numbered ones.
/// </summary>
/// <remarks>Thread-safe. Configuration is read again after it reports a change.</remarks>
internal sealed partial class ConfigurationEndpointResolver(
    IConfiguration configuration, IOptions<ServiceDiscoveryOptions> options, ILogger<ConfigurationEndpointResolver> logger)
{
    private const string ServicesSection = "Services";
    private const string DefaultEndpoint = "default";

    private readonly ConcurrentDictionary<string, ServiceEndpoints> _known = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Returns the address to use this time, or <see langword="null"/> when the service is not configured.</summary>
    /// <exception cref="KeyNotFoundException">The service is configured with something that is not an address.</exception>
    public Uri? Resolve(Uri requested)
    {
        var authority = requested.GetLeftPart(UriPartial.Authority);
        if (_known.TryGetValue(authority, out var known) && !known.IsStale)
        {
            return known.Next();
        }

        var found = Read(ServiceName.Parse(requested));
        if (found.IsEmpty)
        {
            // Hosts outside of configuration are not remembered: their number has no bound.
            _known.TryRemove(authority, out _);
            return null;
        }

        return _known.AddOrUpdate(authority, found, (_, current) => current.IsStale ? found : current).Next();
    }

    private ServiceEndpoints Read(ServiceName name)
    {
        // Taken before the values are read, so that a change in between makes the result stale rather than wrong for ever.
        var changed = configuration.GetReloadToken();
        var schemes = options.Value.ApplyAllowedSchemes(name.Schemes);
        var service = configuration.GetSection(ServicesSection).GetSection(name.Service);
        var endpoint = name.Endpoint is not null
            ? service.GetSection(name.Endpoint)
            : schemes.Prepend(DefaultEndpoint).Select(service.GetSection).FirstOrDefault(section => section.Exists());

        if (endpoint is null || !endpoint.Exists())
        {
            LogNotConfigured(logger, name.Service);
            return new ServiceEndpoints([], changed);
        }

        var addresses = KeepPreferredScheme(ReadAddresses(endpoint, schemes), schemes);
        LogResolved(logger, name.Service, endpoint.Path, addresses.Length);
        return new ServiceEndpoints(addresses, changed);
    }

    private static List<Uri> ReadAddresses(IConfigurationSection endpoint, IReadOnlyList<string> schemes)
    {
        if (!string.IsNullOrWhiteSpace(endpoint.Value))
        {
            return [ReadAddress(endpoint, schemes)];
        }

        var addresses = new List<Uri>();
        foreach (var item in endpoint.GetChildren())
        {
            if (!int.TryParse(item.Key, out _))
            {
                throw new KeyNotFoundException($"The configuration section '{endpoint.Path}' has the non-numeric key '{item.Key}'.");
            }

            addresses.Add(ReadAddress(item, schemes));
        }

        return addresses;
    }

    private static Uri ReadAddress(IConfigurationSection item, IReadOnlyList<string> schemes)
    {
        var text = item.Value ?? string.Empty;

        // 'host:port' takes the scheme that was asked for first.
        var absolute = text.Contains("://", StringComparison.Ordinal) || schemes.Count == 0 ? text : $"{schemes[0]}://{text}";
        return Uri.TryCreate(absolute, UriKind.Absolute, out var address) && address.Host.Length > 0
            ? address
            : throw new KeyNotFoundException($"The configuration section '{item.Path}' has the invalid value '{text}'.");
    }

    private static Uri[] KeepPreferredScheme(List<Uri> addresses, IReadOnlyList<string> schemes)
    {
        foreach (var scheme in schemes)
        {
            if (addresses.Exists(address => address.Scheme == scheme))
            {
                return [.. addresses.Where(address => address.Scheme == scheme)];
            }
        }

        return [];
    }

    [LoggerMessage(LogLevel.Debug, "Service {Service} resolves to {Count} addresses of {ConfigurationPath}")]
    private static partial void LogResolved(ILogger logger, string service, string configurationPath, int count);

    [LoggerMessage(LogLevel.Debug, "Service {Service} is not configured; its name is used as a host name")]
    private static partial void LogNotConfigured(ILogger logger, string service);
}
