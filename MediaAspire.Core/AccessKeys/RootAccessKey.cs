using MediaAspire.Core.Database;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace MediaAspire.Core.AccessKeys;

/// <summary>Creates the configured root key when the process starts, and says whether it is there.</summary>
/// <remarks>Several processes may do so at once: all write the same key.</remarks>
internal sealed partial class RootAccessKey(
    AccessKeyStore store, AccessKeyCache cache, IOptions<AccessKeyOptions> options, TimeProvider time, ILogger<RootAccessKey> logger)
    : DatabaseStartTask(time), IHealthCheck
{
    private volatile bool _isThere;

    /// <inheritdoc/>
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(_isThere || Configured is null
            ? HealthCheckResult.Healthy()
            : new HealthCheckResult(context.Registration.FailureStatus, "The root access key is not recorded yet."));

    protected override Task RunAsync(CancellationToken cancellationToken) =>
        Configured is { } key ? PutAsync(key, cancellationToken) : Task.CompletedTask;

    protected override void LogRetry(Exception failure, TimeSpan delay) => LogFailed(failure, options.Value.RootAccessKey, delay);

    internal async Task PutAsync(NewAccessKey key, CancellationToken cancellationToken)
    {
        if (!await store.PutAsync(key, cancellationToken))
        {
            LogDisabled(key.Id);
        }

        cache.Forget(key.Id);
        _isThere = true;
    }

    private NewAccessKey? Configured => options.Value is { RootAccessKey: { Length: > 0 } id, RootSecretKey: { } secret } root
        ? new NewAccessKey(id, secret, new AccessKeyOwner(root.RootOwnerId, root.RootDisplayName))
        : null;

    [LoggerMessage(LogLevel.Warning, "The root access key {AccessKeyId} is disabled until an operator enables it")]
    private partial void LogDisabled(string accessKeyId);

    [LoggerMessage(LogLevel.Warning, "Recording the root access key {AccessKeyId} failed; trying again in {Delay}")]
    private partial void LogFailed(Exception exception, string? accessKeyId, TimeSpan delay);
}
