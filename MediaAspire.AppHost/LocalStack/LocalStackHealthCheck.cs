using System.Text.Json;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace MediaAspire.AppHost.LocalStack;

/// <summary>A health check that succeeds when LocalStack reports its S3 service as available.</summary>
internal sealed class LocalStackHealthCheck(LocalStackResource localStack, IHttpClientFactory clients) : IHealthCheck
{
    /// <inheritdoc />
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (!localStack.GatewayEndpoint.IsAllocated)
        {
            return new HealthCheckResult(context.Registration.FailureStatus, "The gateway has no address yet.");
        }

        using var client = clients.CreateClient();
        try
        {
            await using var body = await client.GetStreamAsync($"{localStack.GatewayEndpoint.Url}/_localstack/health", cancellationToken);
            using var document = await JsonDocument.ParseAsync(body, cancellationToken: cancellationToken);
            return Judge(document.RootElement) is { } complaint
                ? new HealthCheckResult(context.Registration.FailureStatus, complaint)
                : HealthCheckResult.Healthy();
        }
        catch (Exception failure) when (failure is HttpRequestException or JsonException or IOException)
        {
            return new HealthCheckResult(context.Registration.FailureStatus, failure.Message, failure);
        }
    }

    // Sample: {"services": {"s3": "available", "sqs": "disabled"}, "edition": "community", "version": "4.14.0"}.
    // A service is "available" until its first request and "running" after it.
    internal static string? Judge(JsonElement health)
    {
        if (health.ValueKind != JsonValueKind.Object
            || !health.TryGetProperty("services", out var services)
            || services.ValueKind != JsonValueKind.Object
            || !services.TryGetProperty("s3", out var s3))
        {
            return "LocalStack does not report the state of its service s3.";
        }

        return s3.ValueKind == JsonValueKind.String && s3.GetString() is "available" or "running"
            ? null
            : $"LocalStack reports its service s3 as '{s3}'.";
    }
}
