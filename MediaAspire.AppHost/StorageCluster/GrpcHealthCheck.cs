using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Net.Client;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace MediaAspire.AppHost.StorageCluster;

/// <summary>Healthy when the standard gRPC health service answers SERVING over cleartext HTTP/2.</summary>
/// <param name="endpoint">The node's endpoint.</param>
/// <param name="time">Clock of the deadline.</param>
internal sealed class GrpcHealthCheck(EndpointReference endpoint, TimeProvider time) : IHealthCheck, IDisposable
{
    // While a node starts, the orchestrator's proxy accepts the connection and nobody answers; the next check comes soon.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private GrpcChannel? _channel;

    /// <inheritdoc />
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (!endpoint.IsAllocated)
        {
            return new HealthCheckResult(context.Registration.FailureStatus, "The endpoint has no address yet.");
        }

        using var deadline = new CancellationTokenSource(s_patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            var client = new Health.HealthClient(Channel());
            var response = await client.CheckAsync(new HealthCheckRequest(), cancellationToken: either.Token);
            return response.Status == HealthCheckResponse.Types.ServingStatus.Serving
                ? HealthCheckResult.Healthy()
                : new HealthCheckResult(context.Registration.FailureStatus, $"The node answers {response.Status}.");
        }
        catch (RpcException) when (deadline.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return new HealthCheckResult(context.Registration.FailureStatus, $"The node did not answer within {s_patience.TotalSeconds} s.");
        }
        catch (RpcException failure)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return new HealthCheckResult(context.Registration.FailureStatus, failure.Status.ToString(), failure);
        }
    }

    /// <inheritdoc />
    public void Dispose() => _channel?.Dispose();

    private GrpcChannel Channel()
    {
        lock (_gate)
        {
            return _channel ??= GrpcChannel.ForAddress(endpoint.Url);
        }
    }
}
