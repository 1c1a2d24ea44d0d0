using MediaAspire.Core.Duties;
using Npgsql;
using NpgsqlTypes;

namespace MediaAspire.Core.Quotas;

/// <summary>The quotas in PostgreSQL. The SQL functions that write and delete content keep their usage, in the same transactions.</summary>
public sealed class QuotaCatalog(NpgsqlDataSource database, TimeProvider time)
{
    /// <summary>Sets the limits of a quota.</summary>
    /// <param name="scope">The bucket or the owner.</param>
    /// <param name="limits">The limits; they may be below what is used. Writes that add are refused then, deletions are not.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>
    /// The quota's id; <see langword="null"/> when the bucket or the owner does not exist. A new quota refuses nothing until
    /// <see cref="QuotaCounter.CountAsync"/> has counted the stored content; the duty <c>quotas</c>, which this wakes, does that too.
    /// </returns>
    public async Task<Guid?> SetAsync(QuotaScope scope, QuotaLimits limits, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(limits);

        await using var batch = database.CreateBatch();
        var set = new NpgsqlBatchCommand("SELECT set_quota($1, $2, $3, $4, $5)");
        set.Parameters.Add(new() { Value = Guid.CreateVersion7(time.GetUtcNow()) });
        scope.AddTo(set.Parameters);
        set.Parameters.Add(Limit(limits.Bytes));
        set.Parameters.Add(Limit(limits.Objects));
        batch.BatchCommands.Add(set);
        batch.BatchCommands.Add(DutySignals.Wake(DutyNames.Quotas));
        return await batch.ExecuteScalarAsync(cancellationToken) as Guid?;
    }

    /// <summary>Finds the quota of a bucket or an owner.</summary>
    public async Task<Quota?> FindAsync(QuotaScope scope, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            SELECT quota_id, max_bytes, max_objects, is_counting, used_bytes, used_objects, changed_at
            FROM quotas WHERE bucket_id = $1 OR owner_id = $2
            """);
        scope.AddTo(command.Parameters);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken))
        {
            return null;
        }

        var limits = new QuotaLimits(reader.IsDBNull(1) ? null : reader.GetInt64(1), reader.IsDBNull(2) ? null : reader.GetInt64(2));
        QuotaUsage? usage = reader.GetBoolean(3) ? null : new QuotaUsage(reader.GetInt64(4), reader.GetInt64(5));
        return new(reader.GetGuid(0), limits, usage, reader.GetFieldValue<DateTimeOffset>(6));
    }

    /// <summary>Removes a quota.</summary>
    /// <returns><see langword="true"/> when there was one.</returns>
    public async Task<bool> RemoveAsync(QuotaScope scope, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("SELECT remove_quota($1, $2)");
        scope.AddTo(command.Parameters);
        return await command.ExecuteScalarAsync(cancellationToken) is true;
    }

    /// <summary>Counts what a bucket or an owner stores now. It reads a row for each object: seconds for millions of them.</summary>
    public async Task<QuotaUsage> MeasureAsync(QuotaScope scope, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("SELECT bytes, objects FROM usage_of($1, $2)");
        scope.AddTo(command.Parameters);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return new(reader.GetInt64(0), reader.GetInt64(1));
    }

    private static NpgsqlParameter Limit(long? value) =>
        new() { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bigint };
}
