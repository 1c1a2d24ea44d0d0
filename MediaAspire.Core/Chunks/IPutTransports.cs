using MediaAspire.Core.Ids;

namespace MediaAspire.Core.Chunks;

/// <summary>The maker of the transports that carry puts beside gRPC.</summary>
internal interface IPutTransports
{
    /// <summary>Makes the transport to a node. No connection is made before the first put.</summary>
    /// <param name="address">The node's address.</param>
    /// <param name="server">The server that has to listen there; <see langword="null"/> for any.</param>
    /// <param name="cluster">The cluster that the server's disk has to belong to; <see langword="null"/> for any.</param>
    IPutTransport Create(Uri address, ServerId? server, ClusterId? cluster);
}
