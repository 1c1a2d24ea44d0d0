using MediaAspire.Core.Database;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace MediaAspire.Core.ApiKeys;

/// <summary>Records the configured admin key when the process starts, and reports whether it is recorded.</summary>
/// <remarks>Several processes may do so at once: all write the same key.</remarks>
public sealed partial class RootApiKey(
    ApiKeyStore store, ApiKeyCache cache, IOptions<ApiKeyOptions> options, TimeProvider time, ILogger<RootApiKey> logger)
    : DatabaseStartTask(time), IHealthCheck
{
    private const string Name = "root";

    private readonly string? _text = options.Value.AdminKey is { Length: > 0 } text ? text : null;
    private volatile bool _isRecorded;

    /// <summary>Gets the id of the configured key; <see langword="null"/> when none is configured.</summary>
    public string? KeyId => ApiKeyFormat.TryParse(_text, out var id, out _) ? id.ToString() : null;

    /// <inheritdoc/>
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(_isRecorded || _text is null
            ? HealthCheckResult.Healthy()
            : new HealthCheckResult(context.Registration.FailureStatus, "The admin key is not recorded yet."));

    /// <summary>Records the configured key; without one, warns when no other key can administer the cluster.</summary>
    public async Task RecordAsync(CancellationToken cancellationToken)
    {
        if (!ApiKeyFormat.TryParse(_text, out var id, out var secret))
        {
            if (!await store.HasAdminAsync(cancellationToken))
            {
                LogNone();
            }

            return;
        }

        var keyId = id.ToString();
        var key = new NewApiKey(
            keyId,
            ApiKeyFormat.Hash(secret),
            Name,
            [ApiScopeNames.Admin, ApiScopeNames.Metrics, ApiScopeNames.Read, ApiScopeNames.Write]);
        if (!await store.PutAsync(key, cancellationToken))
        {
            LogDisabled(keyId);
        }

        cache.Forget(keyId);
        _isRecorded = true;
    }

    protected override Task RunAsync(CancellationToken cancellationToken) => RecordAsync(cancellationToken);

    protected override void LogRetry(Exception failure, TimeSpan delay) => LogFailed(failure, delay);

    [LoggerMessage(LogLevel.Warning, "No API key can administer the cluster. Set Security:AdminKey and restart the API")]
    private partial void LogNone();

    [LoggerMessage(LogLevel.Warning, "The admin key {KeyId} is disabled until another admin key enables it")]
    private partial void LogDisabled(string keyId);

    [LoggerMessage(LogLevel.Warning, "Recording the admin key failed; trying again in {Delay}")]
    private partial void LogFailed(Exception exception, TimeSpan delay);
}
