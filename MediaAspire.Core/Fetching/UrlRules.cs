using System.Collections.Frozen;
using Microsoft.Extensions.Options;

namespace MediaAspire.Core.Fetching;

/// <summary>The rules for addresses to fetch from, as far as their text says it. Thread-safe.</summary>
public sealed class UrlRules
{
    /// <summary>The longest address, in characters.</summary>
    public const int MaxLength = 4096;

    private static readonly Uri s_none = new("about:blank");

    private readonly bool _allowsHttp;
    private readonly FrozenSet<int> _ports;
    private readonly HostPattern[] _allowed;
    private readonly HostPattern[] _denied;

    public UrlRules(IOptions<FetchingOptions> options)
    {
        var settings = options.Value;
        _allowsHttp = settings.AllowHttp;
        _ports = FetchingLists.Split(settings.AllowedPorts)
            .Select(text => FetchingLists.TryParsePort(text, out var port) ? port : 0)
            .ToFrozenSet();
        _allowed = HostPattern.ParseAll(settings.AllowedHosts);
        _denied = HostPattern.ParseAll(settings.DeniedHosts);
    }

    /// <summary>Reads an address.</summary>
    /// <param name="text">An absolute address.</param>
    /// <param name="url">The address, without its fragment.</param>
    /// <returns>The reason why it is refused; <see langword="null"/> for one that may be fetched, if its host is public.</returns>
    public FetchFailure? Read(string text, out Uri url)
    {
        if (text.Length > MaxLength || !Uri.TryCreate(text, UriKind.Absolute, out var parsed))
        {
            url = s_none;
            return new FetchFailure(
                FetchFailureKind.Refused, "url-invalid", $"Expected an absolute http or https address of at most {MaxLength} characters.");
        }

        url = new UriBuilder(parsed) { Fragment = "" }.Uri;
        return Check(url);
    }

    /// <summary>Checks an address.</summary>
    /// <returns>The reason why it is refused; <see langword="null"/> for one that may be fetched, if its host is public.</returns>
    public FetchFailure? Check(Uri url)
    {
        if (url.Scheme != Uri.UriSchemeHttps && !(_allowsHttp && url.Scheme == Uri.UriSchemeHttp))
        {
            return Refuse($"The scheme '{url.Scheme}' is not allowed.");
        }

        if (url.UserInfo.Length > 0)
        {
            return Refuse("The address must not contain a user name or a password.");
        }

        if (!_ports.Contains(url.Port))
        {
            return Refuse($"The port {url.Port} is not allowed.");
        }

        var host = url.IdnHost.TrimEnd('.');
        if (host.Length == 0 || url.HostNameType is not (UriHostNameType.Dns or UriHostNameType.IPv4 or UriHostNameType.IPv6))
        {
            return Refuse("The host of the address is not valid.");
        }

        return _denied.Any(pattern => pattern.Matches(host)) || (_allowed.Length > 0 && !_allowed.Any(pattern => pattern.Matches(host)))
            ? Refuse($"The host '{host}' is not allowed.")
            : null;
    }

    private static FetchFailure Refuse(string message) => new(FetchFailureKind.Refused, "url-refused", message);
}
