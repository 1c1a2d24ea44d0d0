using System.Net;
using System.Net.Sockets;

namespace MediaAspire.AppHost.Engines.Processes;

/// <summary>Chooses free ports for listeners without a proxy.</summary>
/// <remarks>
/// The range is below Linux's ephemeral ports (32768-60999), so that an outgoing connection cannot take a port between its choice and
/// the start of the listener.
/// </remarks>
internal static class LoopbackPorts
{
    private const int First = 20000;
    private const int Last = 32767;

    private static readonly HashSet<int> s_given = [];

    /// <summary>Returns a port that is free on both loopback addresses and that this process has not returned before.</summary>
    /// <exception cref="DistributedApplicationException">All ports of the range are in use.</exception>
    public static int Next()
    {
        lock (s_given)
        {
            var start = Random.Shared.Next(First, Last + 1);
            for (var offset = 0; offset <= Last - First; offset++)
            {
                var port = First + ((start - First + offset) % (Last - First + 1));
                if (!s_given.Contains(port) && IsFree(IPAddress.Loopback, port) && IsFree(IPAddress.IPv6Loopback, port))
                {
                    s_given.Add(port);
                    return port;
                }
            }
        }

        throw new DistributedApplicationException(
            $"All loopback ports from {First} to {Last} are in use. End a program that listens on one of them.");
    }

    private static bool IsFree(IPAddress address, int port)
    {
        if (address.AddressFamily == AddressFamily.InterNetworkV6 && !Socket.OSSupportsIPv6)
        {
            return true;
        }

        using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(address, port));
            return true;
        }
        catch (SocketException failure) when (failure.SocketErrorCode is SocketError.AddressNotAvailable)
        {
            // A kernel with IPv6 whose loopback interface has no IPv6 address.
            return true;
        }
        catch (SocketException failure) when (failure.SocketErrorCode is SocketError.AddressAlreadyInUse or SocketError.AccessDenied)
        {
            return false;
        }
    }
}
