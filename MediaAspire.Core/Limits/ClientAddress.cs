using System.Net;
using System.Net.Sockets;

namespace MediaAspire.Core.Limits;

/// <summary>The address of a client, as limits count it.</summary>
public static class ClientAddress
{
    private const int BytesOfNetwork = 8;

    /// <summary>Names an address. All addresses of an IPv6 network of 64 bits have one name, because one client may use them all.</summary>
    /// <param name="address">The address; <see langword="null"/> when it is unknown, as for a pipe.</param>
    public static string NameOf(IPAddress? address)
    {
        if (address is null)
        {
            return "unknown";
        }

        if (address.IsIPv4MappedToIPv6)
        {
            return address.MapToIPv4().ToString();
        }

        if (address.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return address.ToString();
        }

        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        bytes[BytesOfNetwork..].Clear();
        return $"{new IPAddress(bytes)}/64";
    }
}
