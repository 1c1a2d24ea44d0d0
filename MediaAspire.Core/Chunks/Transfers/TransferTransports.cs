using MediaAspire.Core.Chunks.Protos;
using MediaAspire.Core.Cluster;
using MediaAspire.Core.Ids;
using Microsoft.Extensions.Options;

namespace MediaAspire.Core.Chunks.Transfers;

/// <summary>The maker of the transfer connections to all nodes.</summary>
internal sealed class TransferTransports(IOptions<ChunkOptions> options, IOptions<ClusterOptions> clusterOptions, TimeProvider time)
    : IPutTransports
{
    public IPutTransport Create(Uri address, ServerId? server, ClusterId? cluster)
    {
        if (clusterOptions.Value.Tls.IsUsed)
        {
            return new NoTransport();
        }

        var hello = new TransferHello
        {
            ClusterToken = clusterOptions.Value.Token,
            ServerId = server?.ToString() ?? "",
            ClusterId = cluster?.ToString() ?? "",
        };
        return new TransferConnections(address, hello, options.Value, time);
    }

    /// <summary>Leaves every put to gRPC: transfer connections are without TLS.</summary>
    private sealed class NoTransport : IPutTransport
    {
        public ValueTask<IPutCall?> TryStartAsync(CallGuard guard) => ValueTask.FromResult<IPutCall?>(null);

        public void Dispose()
        {
            // Holds nothing.
        }
    }
}
