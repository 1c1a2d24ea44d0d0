using Grpc.Core;

namespace MediaAspire.Storage.Chunks;

/// <summary>A runner of the calls of every transport, which measures their time and translates exceptions into a gRPC status.</summary>
internal sealed partial class ChunkCalls(StorageMetrics metrics, TimeProvider time, ILogger<ChunkCalls> logger)
{
    /// <summary>Runs a call.</summary>
    /// <param name="method">Its name, with or without the prefix of the service.</param>
    /// <param name="handler">The handler.</param>
    /// <param name="callerGone">Cancelled when the caller has disconnected.</param>
    /// <exception cref="RpcException">The call failed. Unexpected exceptions are not translated.</exception>
    public async Task<T> RunAsync<T>(string method, Func<Task<T>> handler, CancellationToken callerGone)
    {
        var started = time.GetTimestamp();
        var outcome = StatusCode.OK;
        try
        {
            return await handler();
        }
        catch (Exception exception) when (IsGone(exception, callerGone))
        {
            outcome = StatusCode.Cancelled;
            throw ChunkStoreErrors.From(new OperationCanceledException())!;
        }
        catch (Exception exception)
        {
            var error = ChunkStoreErrors.From(exception);
            outcome = error?.StatusCode ?? StatusCode.Unknown;
            LogFailed(method, outcome, exception.Message);
            if (error is null)
            {
                throw;
            }

            throw error;
        }
        finally
        {
            metrics.RecordCall(method, outcome, time.GetElapsedTime(started));
        }
    }

    // Kestrel reports a disconnected caller as an I/O error of the request's body.
    private static bool IsGone(Exception exception, CancellationToken callerGone) =>
        callerGone.IsCancellationRequested && exception is (OperationCanceledException or IOException or InvalidOperationException);

    [LoggerMessage(LogLevel.Debug, "{Method} failed with {Status}: {Reason}")]
    private partial void LogFailed(string method, StatusCode status, string reason);
}
