using Npgsql;

namespace MediaAspire.Core.Quotas;

/// <summary>Counts the content that was stored before a quota was set, and audits the usage of quotas, while writes go on.</summary>
/// <remarks>docs/adr/0019-quotas.md says why the result is exact.</remarks>
public sealed class QuotaCounter(NpgsqlDataSource database, TimeProvider time)
{
    private static readonly TimeSpan s_firstPause = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan s_longestPause = TimeSpan.FromSeconds(1);

    // The difference between a full count and the counters, both as of one moment.
    private const string Difference =
        """
        SELECT u.bytes - q.used_bytes AS bytes, u.objects - q.used_objects AS objects
        FROM quotas q CROSS JOIN LATERAL usage_of(q.bucket_id, q.owner_id) u WHERE q.quota_id = $1
        """;

    /// <summary>Lists the quotas.</summary>
    /// <param name="after">The quota after which the page begins; the empty id for the first page.</param>
    /// <param name="limit">The most quotas wanted.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The ids in their order, and whether the stored content has still to be counted.</returns>
    public async Task<IReadOnlyList<(Guid Id, bool IsCounting)>> ListAsync(Guid after, int limit, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            "SELECT quota_id, is_counting FROM quotas WHERE quota_id > $1 ORDER BY quota_id LIMIT $2");
        command.Parameters.Add(new() { Value = after });
        command.Parameters.Add(new() { Value = limit });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var quotas = new List<(Guid, bool)>();
        while (await reader.ReadAsync(cancellationToken))
        {
            quotas.Add((reader.GetGuid(0), reader.GetBoolean(1)));
        }

        return quotas;
    }

    /// <summary>Counts the stored content of a quota that was just set, and puts it in force. Leaves one that is in force.</summary>
    /// <remarks>Waits for the transactions that may not have seen the quota. May be called by several processes at once.</remarks>
    public async Task CountAsync(Guid quota, CancellationToken cancellationToken)
    {
        do
        {
            await WaitForEarlierTransactionsAsync(cancellationToken);
        }
        while (await MarkNewBucketsAsync(quota, cancellationToken));

        // What is counted and what was charged are of one moment; their difference, the rest, does not change any more.
        await using var command = database.CreateCommand(
            $"""
            WITH rest AS MATERIALIZED ({Difference})
            UPDATE quotas q SET used_bytes = q.used_bytes + rest.bytes, used_objects = q.used_objects + rest.objects, is_counting = false
            FROM rest WHERE q.quota_id = $1 AND q.is_counting
            """);
        command.CommandTimeout = 0;
        command.Parameters.Add(new() { Value = quota });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Compares the counters of a quota in force with a full count, and corrects them.</summary>
    /// <returns>The correction, 0 unless there is an error in the platform or a change of its tables by hand.</returns>
    public async Task<QuotaUsage> AuditAsync(Guid quota, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand($"{Difference} AND NOT q.is_counting");
        command.CommandTimeout = 0;
        command.Parameters.Add(new() { Value = quota });
        QuotaUsage drift;
        await using (var reader = await command.ExecuteReaderAsync(cancellationToken))
        {
            drift = await reader.ReadAsync(cancellationToken) ? new(reader.GetInt64(0), reader.GetInt64(1)) : default;
        }

        if (drift != default)
        {
            await using var correction = database.CreateCommand(
                "UPDATE quotas SET used_bytes = used_bytes + $2, used_objects = used_objects + $3 WHERE quota_id = $1");
            correction.Parameters.Add(new() { Value = quota });
            correction.Parameters.Add(new() { Value = drift.Bytes });
            correction.Parameters.Add(new() { Value = drift.Objects });
            await correction.ExecuteNonQueryAsync(cancellationToken);
        }

        return drift;
    }

    /// <summary>Waits until every transaction with an id that was given out until now has ended.</summary>
    private async Task WaitForEarlierTransactionsAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var next = new NpgsqlCommand("SELECT pg_snapshot_xmax(pg_current_snapshot())::text", connection);
        var limit = (string)(await next.ExecuteScalarAsync(cancellationToken))!;
        await using var ended = new NpgsqlCommand("SELECT pg_snapshot_xmin(pg_current_snapshot()) >= $1::xid8", connection);
        ended.Parameters.Add(new() { Value = limit, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text });
        for (var pause = s_firstPause; await ended.ExecuteScalarAsync(cancellationToken) is not true; pause *= 2)
        {
            await Task.Delay(pause < s_longestPause ? pause : s_longestPause, time, cancellationToken);
        }
    }

    /// <summary>Marks the buckets that the owner of a quota created while it was being set.</summary>
    /// <returns><see langword="true"/> when there were any: transactions may not have seen the mark.</returns>
    private async Task<bool> MarkNewBucketsAsync(Guid quota, CancellationToken cancellationToken)
    {
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(new("SELECT lock_quotas()"));
        batch.BatchCommands.Add(new("SELECT mark_limited(bucket_id, owner_id) FROM quotas WHERE quota_id = $1 AND is_counting")
        {
            Parameters = { new() { Value = quota } },
        });
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) && reader.GetInt64(0) > 0;
    }
}
