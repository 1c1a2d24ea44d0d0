using System.Data.Common;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MediaAspire.Core.AccessKeys;

/// <summary>Seals the secrets under old secrets keys under the current one when the process starts.</summary>
/// <remarks>Several processes may do so at once, and each may be ended at any time: the next start continues.</remarks>
internal sealed partial class SecretResealer(
    SealedSecrets secrets, SecretSealer sealer, TimeProvider time, ILogger<SecretResealer> logger) : BackgroundService
{
    private const int BatchSize = 100;

    private static readonly TimeSpan s_retryDelay = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await ResealAsync(stoppingToken);
                return;
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (SealedSecretException changed)
            {
                // The operator must look into it; the secrets behind it stay under the old key, which is still readable.
                LogChanged(changed);
                return;
            }
            catch (Exception failure) when (failure is DbException or TimeoutException or IOException)
            {
                LogFailed(failure, s_retryDelay);
                await Task.Delay(s_retryDelay, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    internal async Task ResealAsync(CancellationToken cancellationToken)
    {
        var (resealed, last) = (0, "");
        while (last is not null)
        {
            var batch = await secrets.ResealAsync(last, BatchSize, cancellationToken);
            resealed += batch.Resealed;
            last = batch.Last;
        }

        if (resealed > 0)
        {
            LogResealed(resealed, sealer.KeyId);
        }

        foreach (var unknown in (await secrets.ListAsync(cancellationToken)).Where(key => !key.IsReadable))
        {
            LogUnreadable(unknown.AccessKeys, unknown.Id);
        }
    }

    [LoggerMessage(LogLevel.Information, "Sealed the secrets of {AccessKeys} access keys under the secrets key {SecretsKey}")]
    private partial void LogResealed(int accessKeys, string secretsKey);

    [LoggerMessage(
        LogLevel.Error,
        "{AccessKeys} access keys do not work: their secrets are sealed under the secrets key {SecretsKey}, which this process does not "
        + "have. Add it to S3:OldSecretsKeys")]
    private partial void LogUnreadable(long accessKeys, string secretsKey);

    [LoggerMessage(LogLevel.Error, "Sealing secrets under the current secrets key ended")]
    private partial void LogChanged(Exception exception);

    [LoggerMessage(LogLevel.Warning, "Sealing secrets under the current secrets key failed; trying again in {Delay}")]
    private partial void LogFailed(Exception exception, TimeSpan delay);
}
