using Grpc.Core;
using MediaAspire.Core.Chunks;

namespace MediaAspire.Storage.Chunks;

/// <summary>The gRPC errors of a node.</summary>
internal static class ChunkStoreErrors
{
    /// <summary>Translates an exception; null for an unexpected one.</summary>
    public static RpcException? From(Exception exception) => exception switch
    {
        RpcException rpc => rpc,
        ChunkStoreException store => Make(CodeOf(store.Error), store.Message),
        ChunkNodeException { Error: ChunkNodeError.Corrupt } source => Make(StatusCode.DataLoss, source.Message),
        ChunkNodeException source => Make(StatusCode.Aborted, source.Message),
        InvalidDataException malformed => Make(StatusCode.InvalidArgument, malformed.Message),
        IOException io when StableStorage.IsOutOfSpace(io) => Make(StatusCode.ResourceExhausted, io.Message),
        OperationCanceledException => Make(StatusCode.Cancelled, "The call was cancelled."),
        _ => null,
    };

    public static RpcException NoToken() => Make(StatusCode.Unauthenticated, "The cluster's token is missing or wrong.");

    // Neither this server's fault nor the source's: the caller tries again later.
    public static RpcException NoServers(string reason) =>
        Make(StatusCode.Aborted, $"Reading the servers of the cluster from the database failed: {reason}");

    public static RpcException AnotherServer(Core.Ids.ServerId self) =>
        Make(StatusCode.Unavailable, $"This is server {self}; the addressed server no longer listens here.");

    // Reported like an absent server: callers turn to other servers, and draw no conclusions from it.
    public static RpcException AnotherCluster(Core.Ids.ClusterId? self, string named) => Make(
        StatusCode.Unavailable,
        self is null
            ? $"This server has not joined a cluster yet; the call acts for cluster {named}."
            : $"This server's disk belongs to cluster {self}; the call acts for cluster {named}.");

    private static RpcException Make(StatusCode code, string message) => new(new Status(code, message));

    private static StatusCode CodeOf(ChunkStoreError error) => error switch
    {
        ChunkStoreError.OutOfRange => StatusCode.OutOfRange,
        ChunkStoreError.NotFound => StatusCode.NotFound,
        ChunkStoreError.AlreadyExists => StatusCode.AlreadyExists,
        ChunkStoreError.Corrupt => StatusCode.DataLoss,
        ChunkStoreError.NoSpace => StatusCode.ResourceExhausted,

        // Reported like an absent server: the sweep goes on elsewhere, and tries again later.
        ChunkStoreError.Fenced => StatusCode.Unavailable,
        _ => StatusCode.InvalidArgument,
    };
}
