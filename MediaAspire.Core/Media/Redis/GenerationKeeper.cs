using System.Data.Common;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace MediaAspire.Core.Media.Redis;

/// <summary>Renews the lease of this process.</summary>
internal sealed partial class GenerationKeeper(
    GenerationLease lease, IOptions<MetadataOptions> options, TimeProvider time, ILogger<GenerationKeeper> logger) : BackgroundService
{
    private bool? _wasHot;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                Record(await lease.RenewAsync(stoppingToken));
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure) when (failure is DbException or TimeoutException or IOException)
            {
                LogNotRenewed(failure.Message);
            }

            await Task.Delay(options.Value.RenewalInterval, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void Record(MetadataGeneration generation)
    {
        if (generation.IsHot != _wasHot)
        {
            if (generation.IsHot)
            {
                LogHot(generation.Number);
            }
            else
            {
                LogBypass(generation.Number, generation.Reason);
            }
        }

        _wasHot = generation.IsHot;
    }

    [LoggerMessage(LogLevel.Information, "Reading the catalog from Redis, generation {Generation}")]
    private partial void LogHot(long generation);

    [LoggerMessage(LogLevel.Warning, "Reading the catalog from PostgreSQL: generation {Generation} in Redis is closed. {Reason}")]
    private partial void LogBypass(long generation, string reason);

    [LoggerMessage(
        LogLevel.Warning, "Renewing the lease on the catalog in Redis failed: {Reason}. PostgreSQL serves every read without it")]
    private partial void LogNotRenewed(string reason);
}
