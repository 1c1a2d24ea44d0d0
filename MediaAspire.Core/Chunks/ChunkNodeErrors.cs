using System.Net.Sockets;
using Grpc.Core;

namespace MediaAspire.Core.Chunks;

/// <summary>The translation of the exceptions of failed calls.</summary>
internal static class ChunkNodeErrors
{
    /// <summary>Determines whether an exception means that a call failed, rather than that its caller made a mistake.</summary>
    public static bool IsCallFailure(Exception exception) =>
        exception is RpcException or OperationCanceledException or InvalidDataException
            or IOException or SocketException or HttpRequestException;

    /// <summary>Makes the failure of a node from the exception of a call.</summary>
    public static ChunkNodeException From(Exception exception, Uri node) => exception is RpcException rpc
        ? new ChunkNodeException(From(rpc), node, rpc.Status.Detail, rpc)
        : new ChunkNodeException(FromCause(exception), node, exception.Message, exception);

    private static ChunkNodeError From(RpcException exception) => exception.StatusCode switch
    {
        // Cancelled, but not by this side: the node has reset the stream.
        StatusCode.Unavailable or StatusCode.Cancelled => ChunkNodeError.Unreachable,
        StatusCode.DeadlineExceeded => ChunkNodeError.TimedOut,
        StatusCode.NotFound => ChunkNodeError.NotFound,
        StatusCode.DataLoss => ChunkNodeError.Corrupt,
        StatusCode.ResourceExhausted => ChunkNodeError.NoSpace,
        StatusCode.AlreadyExists => ChunkNodeError.AlreadyExists,
        StatusCode.InvalidArgument or StatusCode.OutOfRange or StatusCode.FailedPrecondition => ChunkNodeError.Invalid,
        StatusCode.Unauthenticated or StatusCode.PermissionDenied => ChunkNodeError.Unauthenticated,
        _ => FromCause(exception.Status.DebugException),
    };

    // The client reports a connection that breaks in mid-stream as Internal.
    private static ChunkNodeError FromCause(Exception? cause) => cause switch
    {
        InvalidDataException => ChunkNodeError.Corrupt,
        IOException or SocketException or HttpRequestException => ChunkNodeError.Unreachable,
        _ => ChunkNodeError.Aborted,
    };
}
