using MediaAspire.Core.Database;
using Microsoft.Extensions.Logging;

namespace MediaAspire.Core.AccessKeys;

/// <summary>Seals the secrets under old secrets keys under the current one when the process starts.</summary>
/// <remarks>Several processes may do so at once, and each may be ended at any time: the next start continues.</remarks>
internal sealed partial class SecretResealer(
    SealedSecrets secrets, SecretSealer sealer, TimeProvider time, ILogger<SecretResealer> logger) : DatabaseStartTask(time)
{
    private const int BatchSize = 100;

    protected override async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            await ResealAsync(cancellationToken);
        }
        catch (SealedSecretException changed)
        {
            // The operator must look into it; the secrets behind it stay under the old key, which is still readable.
            LogChanged(changed);
        }
    }

    protected override void LogRetry(Exception failure, TimeSpan delay) => LogFailed(failure, delay);

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
