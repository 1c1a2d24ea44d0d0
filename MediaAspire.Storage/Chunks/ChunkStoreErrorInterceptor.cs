using Grpc.Core;
using Grpc.Core.Interceptors;

namespace MediaAspire.Storage.Chunks;

/// <summary>Times every call, and turns what the store throws into a gRPC status.</summary>
internal sealed partial class ChunkStoreErrorInterceptor(StorageMetrics metrics, TimeProvider time, ILogger<ChunkStoreErrorInterceptor> logger)
    : Interceptor
{
    public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation) =>
        RunAsync(context, () => continuation(request, context));

    public override Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, ServerCallContext context, ClientStreamingServerMethod<TRequest, TResponse> continuation) =>
        RunAsync(context, () => continuation(requestStream, context));

    public override Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request,
        IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context,
        ServerStreamingServerMethod<TRequest, TResponse> continuation) =>
        RunAsync(context, async () =>
        {
            await continuation(request, responseStream, context);
            return true;
        });

    private async Task<T> RunAsync<T>(ServerCallContext context, Func<Task<T>> handler)
    {
        var started = time.GetTimestamp();
        var outcome = StatusCode.OK;
        try
        {
            return await handler();
        }
        catch (Exception exception) when (IsGone(exception, context))
        {
            outcome = StatusCode.Cancelled;
            throw ChunkStoreErrors.From(new OperationCanceledException())!;
        }
        catch (Exception exception)
        {
            var error = ChunkStoreErrors.From(exception);
            outcome = error?.StatusCode ?? StatusCode.Unknown;
            LogFailed(context.Method, outcome, exception.Message);
            if (error is null)
            {
                throw;
            }

            throw error;
        }
        finally
        {
            metrics.RecordCall(context.Method, outcome, time.GetElapsedTime(started));
        }
    }

    // Kestrel reports a caller that went away as an I/O error of the request's body.
    private static bool IsGone(Exception exception, ServerCallContext context) =>
        context.CancellationToken.IsCancellationRequested && exception is (OperationCanceledException or IOException or InvalidOperationException);

    [LoggerMessage(LogLevel.Debug, "{Method} ended with {Status}: {Reason}")]
    private partial void LogFailed(string method, StatusCode status, string reason);
}
