namespace MediaAspire.Core.Chunks;

/// <summary>A transport for puts to one node, beside gRPC.</summary>
/// <remarks>Thread-safe.</remarks>
internal interface IPutTransport : IDisposable
{
    /// <summary>Starts a put on a connection to the node.</summary>
    /// <param name="guard">The guard of the put.</param>
    /// <returns>The put, which the caller owns; <see langword="null"/> when the node has to be called by gRPC.</returns>
    /// <exception cref="System.Net.Sockets.SocketException">The node does not accept the connection.</exception>
    /// <exception cref="Grpc.Core.RpcException">The node refuses the caller.</exception>
    ValueTask<IPutCall?> TryStartAsync(CallGuard guard);
}
