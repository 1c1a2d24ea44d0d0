using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.Health;

/// <summary>Asks an HTTP endpoint whether it is healthy.</summary>
internal sealed class EndpointHealthCheck(EndpointReference endpoint, string path, int expectedStatus, HttpClient client) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (!endpoint.IsAllocated)
        {
            return HealthCheckResult.Unhealthy("The endpoint has no address yet.");
        }

        try
        {
            using var response = await client.GetAsync(new Uri(new Uri(endpoint.Url), path), cancellationToken);

            return (int)response.StatusCode == expectedStatus
                ? HealthCheckResult.Healthy()
                : new(context.Registration.FailureStatus, $"{path} answered {(int)response.StatusCode} instead of {expectedStatus}.");
        }
        catch (HttpRequestException exception)
        {
            return new(context.Registration.FailureStatus, $"{path} did not answer: {exception.Message}", exception);
        }
    }
}
