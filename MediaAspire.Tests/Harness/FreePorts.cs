using System.Net;
using System.Net.Sockets;

namespace MediaAspire.Tests.Harness;

/// <summary>Ports of 127.0.0.1 on which a server of a test can listen.</summary>
internal static class FreePorts
{
    // Below those that the system gives to connections: one of them may be taken again before the server listens on it.
    private const int First = 11_000;
    private const int Count = 9_000;

    private static int s_last = Random.Shared.Next(Count);

    /// <summary>Finds a port that no other test of this run has.</summary>
    public static int Next()
    {
        while (true)
        {
            var port = First + (int)((uint)Interlocked.Increment(ref s_last) % Count);
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
                return port;
            }
            catch (SocketException taken) when (taken.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
                // Another program has it.
            }
        }
    }
}
