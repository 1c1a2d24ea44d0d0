using MediaAspire.Core.Images.Variants;
using MediaAspire.Core.Jobs;
using Npgsql;

namespace MediaAspire.Core.Images.Retention;

/// <summary>Removes variants that nobody reads, and those above the byte budget, in pages. Thread-safe.</summary>
/// <remarks>
/// Rows that others change at the moment are left out: the deletion of an image neither waits for a sweep nor fails by it.
/// </remarks>
public sealed class VariantRetention(NpgsqlDataSource database, IJobQueue queue, TimeProvider time)
{
    private static readonly TimeSpan s_lostAfter = TimeSpan.FromMinutes(1);

    /// <summary>Removes a page of variants that were not read for some time.</summary>
    public Task<VariantTotals> RemoveUnreadAsync(TimeSpan retention, int most, CancellationToken cancellationToken) => RemoveAsync(
        """
        WITH unread AS (
            SELECT variant_id FROM image_variants WHERE accessed_at < now() - $2
            ORDER BY accessed_at LIMIT $1 FOR UPDATE SKIP LOCKED),
        gone AS (DELETE FROM image_variants v USING unread u WHERE v.variant_id = u.variant_id RETURNING v.size)
        SELECT count(*), coalesce(sum(size), 0)::bigint FROM gone
        """,
        most,
        retention,
        cancellationToken);

    /// <summary>Removes a page of the variants that were read longest ago, until they had a number of bytes together.</summary>
    public Task<VariantTotals> RemoveOldestAsync(long bytes, int most, CancellationToken cancellationToken) => RemoveAsync(
        """
        WITH page AS (
            SELECT variant_id, size, accessed_at FROM image_variants ORDER BY accessed_at LIMIT $1 FOR UPDATE SKIP LOCKED),
        oldest AS (
            SELECT variant_id, sum(size) OVER (ORDER BY accessed_at, variant_id) - size AS before FROM page),
        gone AS (
            DELETE FROM image_variants v USING oldest o WHERE v.variant_id = o.variant_id AND o.before < $2 RETURNING v.size)
        SELECT count(*), coalesce(sum(size), 0)::bigint FROM gone
        """,
        most,
        bytes,
        cancellationToken);

    /// <summary>Counts the variants and their bytes.</summary>
    public async Task<VariantTotals> MeasureAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("SELECT count(*), coalesce(sum(size), 0)::bigint FROM image_variants");
        return await ReadAsync(command, cancellationToken);
    }

    /// <summary>Removes a page of remembered failures and of work that nobody did.</summary>
    public async Task<long> RemoveExpiredWorkAsync(int most, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            DELETE FROM image_variant_work w USING (
                SELECT work_id FROM image_variant_work WHERE expires_at < now() LIMIT $1 FOR UPDATE SKIP LOCKED) AS expired
            WHERE w.work_id = expired.work_id
            """);
        command.Parameters.Add(new() { Value = most });
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Enqueues the jobs of work again that may be lost. One that waits is not doubled.</summary>
    /// <param name="most">The most jobs.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The number of jobs that were enqueued.</returns>
    public async Task<long> EnqueueLostAsync(int most, CancellationToken cancellationToken)
    {
        var lost = new List<(Guid Work, bool IsUrgent)>();
        await using (var command = database.CreateCommand(
            """
            SELECT work_id, is_urgent FROM image_variant_work
            WHERE failure_code IS NULL AND requested_at < now() - $2 AND (claimed_until IS NULL OR claimed_until < now())
            ORDER BY requested_at LIMIT $1
            """))
        {
            command.Parameters.Add(new() { Value = most });
            command.Parameters.Add(new() { Value = s_lostAfter });
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                lost.Add((reader.GetGuid(0), reader.GetBoolean(1)));
            }
        }

        var enqueued = 0L;
        foreach (var (work, isUrgent) in lost)
        {
            var result = await queue.EnqueueAsync(MakeVariant.Of(work, isUrgent, time), cancellationToken);
            enqueued += result.Outcome == EnqueueOutcome.Enqueued ? 1 : 0;
        }

        return enqueued;
    }

    private async Task<VariantTotals> RemoveAsync(string sql, int most, object value, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(sql);
        command.Parameters.Add(new() { Value = most });
        command.Parameters.Add(new() { Value = value });
        return await ReadAsync(command, cancellationToken);
    }

    private static async Task<VariantTotals> ReadAsync(NpgsqlCommand command, CancellationToken cancellationToken)
    {
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return new(reader.GetInt64(0), reader.GetInt64(1));
    }
}

/// <summary>A number of variants.</summary>
/// <param name="Count">Their number.</param>
/// <param name="Bytes">Their bytes.</param>
public readonly record struct VariantTotals(long Count, long Bytes);
