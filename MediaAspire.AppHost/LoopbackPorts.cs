using System.Net;
using System.Net.Sockets;

namespace MediaAspire.AppHost;

/// <summary>Picks free ports for listeners that have no proxy in front.</summary>
/// <remarks>
/// The range lies below Linux's ephemeral ports (32768-60999), so that no outgoing connection takes a port between its choice here
/// and the listener's start.
/// </remarks>
internal static class LoopbackPorts
{
    private const int First = 20000;
    private const int Last = 32767;

    private static readonly HashSet<int> s_given = [];

    /// <summary>Returns a port that is free on both loopback addresses and was not returned before by this process.</summary>
    /// <exception cref="DistributedApplicationException">No port of the range is free.</exception>
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

        throw new DistributedApplicationException($"No loopback port from {First} to {Last} is free.");
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
