using System.Net;

namespace MediaAspire.Api.Listeners;

/// <summary>Decides which Host headers are accepted.</summary>
/// <remarks>
/// By DNS rebinding, a web page reaches a server of the visitor's network under a name of the page's own domain, and the browser treats
/// both as one site. Addresses and names that nobody can register in the public DNS are therefore safe: <c>localhost</c>, names without a
/// dot (services of a container network), and the domain <c>internal</c> (host.docker.internal). Every other name has to be configured.
/// </remarks>
internal sealed class HostFilter
{
    private const string Any = "*";

    private readonly bool _allowsAny;
    private readonly HashSet<string> _names = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<string> _suffixes = [".localhost", ".internal"];
    private readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> _lookup;

    public HostFilter(IConfiguration configuration)
    {
        _lookup = _names.GetAlternateLookup<ReadOnlySpan<char>>();
        foreach (var name in (configuration["AllowedHosts"] ?? "").Split(
            ';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (name == Any)
            {
                _allowsAny = true;
            }
            else if (name.StartsWith("*.", StringComparison.Ordinal))
            {
                _suffixes.Add(name[1..]);
            }
            else
            {
                _names.Add(name);
            }
        }

        // A name that the process listens on was chosen by its operator.
        foreach (var url in (configuration[WebHostDefaults.ServerUrlsKey] ?? "").Split(
            ';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            _names.Add(BindingAddress.Parse(url).Host);
        }
    }

    /// <summary>Determines whether a request with this Host is accepted. Clients without the header are not browsers.</summary>
    public bool Allows(HostString host)
    {
        if (_allowsAny || string.IsNullOrEmpty(host.Value))
        {
            return true;
        }

        var name = WithoutPort(host.Value).TrimEnd('.');
        return !name.Contains('.')
            || IPAddress.TryParse(name, out _)
            || _lookup.Contains(name)
            || EndsWithAny(name, _suffixes);
    }

    /// <summary>Determines whether a request is for one of these domains, or a name below one.</summary>
    public static bool IsWithin(HostString host, IEnumerable<string> domains)
    {
        var name = WithoutPort(host.Value ?? "").TrimEnd('.');
        foreach (var domain in domains)
        {
            if (name.EndsWith(domain, StringComparison.OrdinalIgnoreCase)
                && (name.Length == domain.Length || name[^(domain.Length + 1)] == '.'))
            {
                return true;
            }
        }

        return false;
    }

    private static ReadOnlySpan<char> WithoutPort(ReadOnlySpan<char> host)
    {
        if (host is ['[', ..])
        {
            var end = host.IndexOf(']');
            return end < 0 ? host : host[..(end + 1)];
        }

        var colon = host.IndexOf(':');
        return colon < 0 ? host : host[..colon];
    }

    private static bool EndsWithAny(ReadOnlySpan<char> name, List<string> suffixes)
    {
        foreach (var suffix in suffixes)
        {
            if (name.EndsWith(suffix, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }
}
