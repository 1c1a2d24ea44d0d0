using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace MediaAspire.Core.ObjectStore;

/// <summary>Healthy when the store accepts our signature and answers for the bucket, which need not exist yet.</summary>
internal sealed class ObjectStoreHealthCheck(IObjectStore store) : IHealthCheck
{
    /// <inheritdoc/>
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            return HealthCheckResult.Healthy(
                await store.HasBucketAsync(cancellationToken)
                    ? null
                    : $"Bucket '{store.Bucket}' does not exist yet; it is created at the first use.");
        }
        catch (ObjectStoreException failure)
        {
            return new HealthCheckResult(context.Registration.FailureStatus, failure.Message, failure);
        }
    }
}
