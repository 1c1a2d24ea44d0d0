using System.Net;
using System.Net.Sockets;

namespace MediaAspire.Core.Fetching;

/// <summary>Finds the addresses of hosts. Replaced by tests.</summary>
internal interface IHostResolver
{
    /// <returns>The addresses; none for a name that does not exist.</returns>
    Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken);
}

/// <summary>The resolver of the operating system.</summary>
internal sealed class SystemHostResolver : IHostResolver
{
    public async Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken)
    {
        try
        {
            return await Dns.GetHostAddressesAsync(host, cancellationToken);
        }
        catch (SocketException)
        {
            // An unknown name and a resolver that does not answer look the same to the caller of a fetch, on purpose.
            return [];
        }
    }
}
