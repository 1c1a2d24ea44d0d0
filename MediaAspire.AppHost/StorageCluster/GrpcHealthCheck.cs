using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Net.Client;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace MediaAspire.AppHost.StorageCluster;

/// <summary>A health check that succeeds when the standard gRPC health service returns SERVING over cleartext HTTP/2.</summary>
/// <param name="endpoint">The node's endpoint.</param>
/// <param name="token">The cluster's token, with which the node tells the reasons.</param>
/// <param name="time">Clock of the deadline.</param>
internal sealed class GrpcHealthCheck(EndpointReference endpoint, IValueProvider token, TimeProvider time) : IHealthCheck, IDisposable
{
    // While a node starts, the orchestrator's proxy accepts the connection but does not respond; the next check follows soon.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly HttpClient _http = new();
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
                : new HealthCheckResult(
                    context.Registration.FailureStatus, await ReasonAsync(either.Token) ?? $"The node reports {response.Status}.");
        }
        catch (Exception failure) when (
            failure is RpcException or OperationCanceledException
            && deadline.IsCancellationRequested
            && !cancellationToken.IsCancellationRequested)
        {
            return new HealthCheckResult(
                context.Registration.FailureStatus, $"The node did not respond within {s_patience.TotalSeconds} s.");
        }
        catch (RpcException failure)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return new HealthCheckResult(context.Registration.FailureStatus, failure.Status.ToString(), failure);
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _channel?.Dispose();
        _http.Dispose();
    }

    /// <summary>Reads the reasons from the node's <c>/health</c>, because the standard service does not have a field for them.</summary>
    /// <returns>The descriptions of the failed checks; <see langword="null"/> without any.</returns>
    private async Task<string?> ReasonAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(new Uri(endpoint.Url), "/health"))
            {
                Version = HttpVersion.Version20,
                VersionPolicy = HttpVersionPolicy.RequestVersionExact,
                Headers = { Authorization = new AuthenticationHeaderValue("Bearer", await token.GetValueAsync(cancellationToken)) },
            };
            using var response = await _http.SendAsync(request, cancellationToken);
            var report = await response.Content.ReadFromJsonAsync<NodeHealth>(cancellationToken);
            var reasons = report?.Checks?.Values.Where(check => check is { Status: not "Healthy", Description: not null }).ToList();
            return reasons is { Count: > 0 } ? string.Join(' ', reasons.Select(check => check.Description)) : null;
        }
        catch (Exception failure) when (failure is HttpRequestException or JsonException or NotSupportedException)
        {
            return null;
        }
    }

    private GrpcChannel Channel()
    {
        lock (_gate)
        {
            return _channel ??= GrpcChannel.ForAddress(endpoint.Url);
        }
    }

    /// <summary>The response of <c>/health</c>.</summary>
    /// <example><c>{"status":"Unhealthy","checks":{"membership":{"status":"Unhealthy","description":"…"}}}</c></example>
    private sealed record NodeHealth(Dictionary<string, NodeCheck>? Checks);

    private sealed record NodeCheck(string? Status, string? Description);
}
