using System.Collections.Concurrent;
using MediaAspire.Core.Images.Variants;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace MediaAspire.Core.Images.Retention;

/// <summary>Collects the reads of variants and aliases, and writes their times in batches. Thread-safe.</summary>
/// <remarks>
/// One statement for all reads of an interval, and at most one write of a row for each <see cref="Resolution"/>. A killed process loses the
/// reads of an interval.
/// </remarks>
public sealed partial class AccessTimes(
    NpgsqlDataSource database, IOptions<VariantOptions> options, TimeProvider time, ILogger<AccessTimes> logger) : BackgroundService
{
    // Reads of more rows in one interval are recorded with the next read of the row.
    private const int MaxRows = 100_000;

    private static readonly TimeSpan s_coarsest = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan s_stopLimit = TimeSpan.FromSeconds(5);

    private ConcurrentDictionary<Guid, byte> _variants = new();
    private ConcurrentDictionary<string, byte> _aliases = new(StringComparer.Ordinal);

    /// <summary>Gets the time for which a recorded read is recent enough.</summary>
    public TimeSpan Resolution { get; } = TimeSpan.FromTicks(Math.Min(s_coarsest.Ticks, options.Value.Retention.Ticks / 100));

    /// <summary>Records a read of a variant.</summary>
    public void Record(StoredVariant variant)
    {
        ArgumentNullException.ThrowIfNull(variant);

        if (variant.UnreadFor >= Resolution && _variants.Count < MaxRows)
        {
            _variants.TryAdd(variant.Id, 0);
        }
    }

    /// <summary>Records a read of an alias that is removed when nobody reads it.</summary>
    /// <param name="alias">The alias.</param>
    /// <param name="unreadFor">The time since its last recorded read; <see langword="null"/> where it is not known.</param>
    public void Record(ImageAlias alias, TimeSpan? unreadFor = null)
    {
        if ((unreadFor is null || unreadFor >= Resolution) && _aliases.Count < MaxRows)
        {
            _aliases.TryAdd(alias.Value, 0);
        }
    }

    /// <summary>Writes the reads that were recorded since the last call.</summary>
    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        Guid[] variants = [.. Interlocked.Exchange(ref _variants, new()).Keys];
        string[] aliases = [.. Interlocked.Exchange(ref _aliases, new(StringComparer.Ordinal)).Keys];
        if (variants.Length == 0 && aliases.Length == 0)
        {
            return;
        }

        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(new("SELECT set_config('synchronous_commit', 'off', true)"));

        // Rows that others change or delete at the moment are left out, so that this waits for nobody.
        batch.BatchCommands.Add(new(
            """
            UPDATE image_variants v SET accessed_at = now() FROM (
                SELECT u.variant_id FROM unnest($1::uuid[]) AS r (variant_id) JOIN image_variants u USING (variant_id)
                WHERE u.accessed_at <= now() - $2 ORDER BY u.variant_id FOR UPDATE OF u SKIP LOCKED) AS was
            WHERE v.variant_id = was.variant_id
            """)
        {
            Parameters = { new() { Value = variants }, new() { Value = Resolution } },
        });
        batch.BatchCommands.Add(new(
            """
            UPDATE image_aliases a SET accessed_at = now() FROM (
                SELECT u.alias FROM unnest($1::text[]) AS r (alias) JOIN image_aliases u USING (alias)
                WHERE u.accessed_at <= now() - $2 ORDER BY u.alias FOR UPDATE OF u SKIP LOCKED) AS was
            WHERE a.alias = was.alias
            """)
        {
            Parameters = { new() { Value = aliases }, new() { Value = Resolution } },
        });
        await batch.ExecuteNonQueryAsync(cancellationToken);
        LogWritten(variants.Length, aliases.Length);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        using var limited = new CancellationTokenSource(s_stopLimit, time);
        await TryFlushAsync(limited.Token);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.AccessInterval, time);
        while (await WaitAsync(timer, stoppingToken))
        {
            await TryFlushAsync(stoppingToken);
        }
    }

    private static async Task<bool> WaitAsync(PeriodicTimer timer, CancellationToken stoppingToken)
    {
        try
        {
            return await timer.WaitForNextTickAsync(stoppingToken);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private async Task TryFlushAsync(CancellationToken cancellationToken)
    {
        try
        {
            await FlushAsync(cancellationToken);
        }
        catch (Exception failure) when (failure is NpgsqlException or TimeoutException or OperationCanceledException)
        {
            // The reads of one interval are lost: the next read of a row records it again.
            LogNotWritten(failure.Message);
        }
    }

    [LoggerMessage(LogLevel.Debug, "Wrote the times of reads of {Variants} variants and {Aliases} aliases")]
    private partial void LogWritten(int variants, int aliases);

    [LoggerMessage(LogLevel.Warning, "Writing the times of reads failed: {Reason}. Later reads are written in their place")]
    private partial void LogNotWritten(string reason);
}
