using System.Net;
using System.Net.Sockets;

namespace MediaAspire.Api.S3.Policies;

/// <summary>Reads the address ranges in policies.</summary>
internal static class PolicyNetwork
{
    private const int MappedPrefixLength = 96;

    /// <summary>Reads a range in CIDR notation, or one address.</summary>
    /// <remarks>
    /// As in S3, bits after the prefix may be set and are ignored. IPv4 ranges in the notation of IPv6 are read as IPv4, as the addresses
    /// of requests are.
    /// </remarks>
    /// <returns><see langword="null"/> when the text is neither.</returns>
    public static IPNetwork? Parse(string text)
    {
        if (IPAddress.TryParse(text, out var address))
        {
            return Unmap(new(address, BitsOf(address)));
        }

        return IPNetwork.TryParse(text, out var network) ? Unmap(network) : null;
    }

    /// <summary>Gets a value indicating whether a range is large enough to count as public.</summary>
    public static bool IsWide(IPNetwork network) =>
        network.PrefixLength < (network.BaseAddress.AddressFamily == AddressFamily.InterNetwork ? 8 : 32);

    private static IPNetwork Unmap(IPNetwork network) =>
        network.BaseAddress.IsIPv4MappedToIPv6 && network.PrefixLength >= MappedPrefixLength
        ? new(network.BaseAddress.MapToIPv4(), network.PrefixLength - MappedPrefixLength)
        : network;

    private static int BitsOf(IPAddress address) => address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128;
}
