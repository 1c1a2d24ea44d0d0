using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;
using Microsoft.Security.AntiSSRF;

namespace MediaAspire.Core.Fetching;

/// <summary>The rules for the addresses of hosts. Thread-safe.</summary>
/// <remarks>
/// Refused are the ranges that AntiSSRF recommends, and those that it does not list: IPv6 outside of global unicast, with IPv4-compatible
/// and IPv4-translated addresses, and ISATAP. docs/adr/0028-remote-fetches.md has the list.
/// </remarks>
internal sealed class AddressRules
{
    // Metadata services hand credentials of the machine to any process on it. No setting opens them.
    private static readonly IPAddress[] s_metadata =
    [
        IPAddress.Parse("169.254.169.254"),
        IPAddress.Parse("169.254.170.2"),
        IPAddress.Parse("169.254.170.23"),
        IPAddress.Parse("100.100.100.200"),
        IPAddress.Parse("168.63.129.16"),
        IPAddress.Parse("192.0.0.192"),
        IPAddress.Parse("fd00:ec2::254"),
        IPAddress.Parse("fd00:ec2::23"),
        IPAddress.Parse("fd20:ce::254"),
    ];

    private static readonly IPNetwork s_globalUnicast = IPNetwork.Parse("2000::/3");
    private static readonly IPNetwork[] s_recommended = [.. IPAddressRanges.recommendedLatest.Select(range => IPNetwork.Parse(range))];

    private readonly string[] _allowedRanges;
    private readonly IPNetwork[] _allowed;
    private readonly IPNetwork[] _denied;

    public AddressRules(IOptions<FetchingOptions> options)
    {
        _allowedRanges = FetchingLists.Split(options.Value.AllowedNetworks);
        _allowed = [.. _allowedRanges.Select(range => IPNetwork.Parse(range))];
        _denied = [.. FetchingLists.Split(options.Value.DeniedNetworks).Select(range => IPNetwork.Parse(range))];
    }

    /// <summary>Determines whether an address may be connected to.</summary>
    public bool IsAllowed(IPAddress address)
    {
        var bare = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        if (s_metadata.Contains(bare) || Contains(_denied, bare))
        {
            return false;
        }

        return Contains(_allowed, bare) || (IsPublic(bare) && !Contains(s_recommended, bare));
    }

    /// <summary>Makes the policy of the library, which checks each connection by its own code.</summary>
    public AntiSSRFPolicy CreatePolicy(bool allowsHttp)
    {
        var policy = new AntiSSRFPolicy(PolicyConfigOptions.ExternalOnlyLatest) { AllowPlainTextHttp = allowsHttp };
        policy.AddAllowedAddresses(_allowedRanges);
        return policy;
    }

    private static bool IsPublic(IPAddress address) => address.AddressFamily switch
    {
        AddressFamily.InterNetwork => true,
        AddressFamily.InterNetworkV6 => address.ScopeId == 0 && s_globalUnicast.Contains(address) && !IsIsatap(address),
        _ => false,
    };

    /// <summary>Determines whether an address carries an IPv4 address in the form of RFC 5214, section 6.1, below any prefix.</summary>
    private static bool IsIsatap(IPAddress address)
    {
        var bytes = address.GetAddressBytes();
        return bytes[8] is 0x00 or 0x02 && bytes[9] == 0x00 && bytes[10] == 0x5e && bytes[11] == 0xfe;
    }

    private static bool Contains(IPNetwork[] networks, IPAddress address) => Array.Exists(networks, network => network.Contains(address));
}
