using MediaAspire.Core.Database;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace MediaAspire.Core.ApiKeys;

/// <summary>Records the configured keys when the process starts, and reports whether they are recorded.</summary>
/// <remarks>Several processes may do so at once: all write the same keys.</remarks>
public sealed partial class RootApiKey(
    ApiKeyStore store, ApiKeyCache cache, IOptions<ApiKeyOptions> options, TimeProvider time, ILogger<RootApiKey> logger)
    : DatabaseStartTask(time), IHealthCheck
{
    private static readonly string[] s_rootScopes = [ApiScopeNames.Admin, ApiScopeNames.Metrics, ApiScopeNames.Read, ApiScopeNames.Write];

    private readonly string? _adminKey = options.Value.AdminKey is { Length: > 0 } text ? text : null;
    private readonly string? _eventsKey = options.Value.EventsKey is { Length: > 0 } text ? text : null;
    private volatile bool _isRecorded;

    /// <summary>Determines whether a key is a configured one, whose secret the settings hold.</summary>
    public bool IsConfigured(string keyId) => IsOf(_adminKey, keyId) || IsOf(_eventsKey, keyId);

    /// <inheritdoc/>
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(_isRecorded || (_adminKey is null && _eventsKey is null)
            ? HealthCheckResult.Healthy()
            : new HealthCheckResult(context.Registration.FailureStatus, "The configured API keys are not recorded yet."));

    /// <summary>Records the configured keys; without an admin key, warns when no other key can administer the cluster.</summary>
    public async Task RecordAsync(CancellationToken cancellationToken)
    {
        await RecordAsync(_adminKey, "root", s_rootScopes, cancellationToken);
        await RecordAsync(_eventsKey, "events", [ApiScopeNames.MediaEvents], cancellationToken);
        if (_adminKey is null && !await store.HasAdminAsync(cancellationToken))
        {
            LogNone();
        }

        _isRecorded = true;
    }

    protected override Task RunAsync(CancellationToken cancellationToken) => RecordAsync(cancellationToken);

    protected override void LogRetry(Exception failure, TimeSpan delay) => LogFailed(failure, delay);

    private static bool IsOf(string? text, string keyId) => ApiKeyFormat.TryParse(text, out var id, out _) && id.SequenceEqual(keyId);

    private async Task RecordAsync(string? text, string name, string[] scopes, CancellationToken cancellationToken)
    {
        if (!ApiKeyFormat.TryParse(text, out var id, out var secret))
        {
            return;
        }

        var keyId = id.ToString();
        if (!await store.PutAsync(new NewApiKey(keyId, ApiKeyFormat.Hash(secret), name, scopes), cancellationToken))
        {
            LogDisabled(keyId);
        }

        cache.Forget(keyId);
    }

    [LoggerMessage(LogLevel.Warning, "No API key can administer the cluster. Set Security:AdminKey and restart the API")]
    private partial void LogNone();

    [LoggerMessage(LogLevel.Warning, "The configured API key {KeyId} is disabled until an admin key enables it")]
    private partial void LogDisabled(string keyId);

    [LoggerMessage(LogLevel.Warning, "Recording the configured API keys failed; trying again in {Delay}")]
    private partial void LogFailed(Exception exception, TimeSpan delay);
}
