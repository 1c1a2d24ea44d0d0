using System.Collections.Immutable;
using MediaAspire.Core.Ids;
using MediaAspire.Core.Jobs;
using MediaAspire.Core.Quotas;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace MediaAspire.Core.Media.Postgres;

/// <summary>The items in PostgreSQL.</summary>
/// <remarks>
/// A read is one round trip, a change of one item two: read, write if it is unchanged. A change of several takes three: lock and read,
/// write, commit. Creating is one.
/// </remarks>
public sealed partial class PostgresMediaStore(
    NpgsqlDataSource database, IJobQueue queue, TimeProvider time, ILogger<PostgresMediaStore> logger) : IMediaStore
{
    private const int Attempts = 4;
    private const string AliasIndex = "media_alias";

    /// <inheritdoc/>
    public async Task<MediaItem?> FindAsync(MediaId id, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            $"SELECT {MediaRows.Columns} FROM {MediaRows.Source} WHERE m.media_id = $1 ORDER BY p.part_number");
        command.Parameters.Add(new() { Value = id.Value });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await MediaRows.ReadOneAsync(reader, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<MediaItem?> FindByAliasAsync(MediaOwner owner, MediaAlias mediaAlias, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            $"""
            SELECT {MediaRows.Columns} FROM {MediaRows.Source}
            WHERE m.owner = $1 AND m.alias = $2 AND m.removed_at IS NULL ORDER BY p.part_number
            """);
        command.Parameters.Add(new() { Value = owner.Value });
        command.Parameters.Add(new() { Value = mediaAlias.Value });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await MediaRows.ReadOneAsync(reader, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyDictionary<MediaAlias, MediaId>> FindAliasesAsync(
        MediaOwner owner, IReadOnlyCollection<MediaAlias> aliases, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            "SELECT alias, media_id FROM media WHERE owner = $1 AND alias = ANY ($2) AND removed_at IS NULL");
        command.Parameters.Add(new() { Value = owner.Value });
        command.Parameters.Add(new() { Value = aliases.Select(alias => alias.Value).ToArray() });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var found = new Dictionary<MediaAlias, MediaId>();
        while (await reader.ReadAsync(cancellationToken))
        {
            found.Add(new(reader.GetString(0)), new(reader.GetGuid(1)));
        }

        return found;
    }

    /// <inheritdoc/>
    public async Task<bool> HasAliasesAsync(MediaOwner owner, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            "SELECT EXISTS (SELECT FROM media WHERE owner = $1 AND alias IS NOT NULL AND removed_at IS NULL)");
        command.Parameters.Add(new() { Value = owner.Value });
        return await command.ExecuteScalarAsync(cancellationToken) is true;
    }

    /// <inheritdoc/>
    /// <exception cref="QuotaExceededException">The owner's quota does not allow the change; nothing was changed.</exception>
    public async Task<MediaOutcome<T>> ChangeAsync<T>(
        IReadOnlyCollection<MediaId> ids, Func<MediaSet, MediaDecision<T>> decide, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(ids);
        ArgumentNullException.ThrowIfNull(decide);

        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await TryChangeAsync(ids, decide, cancellationToken);
            }
            catch (PostgresException failure) when (IsTransient(failure) && attempt < Attempts)
            {
                // Two changes of clones held each other's objects, or the item that had the alias has lost it meanwhile.
            }
            catch (PostgresException failure) when (QuotaRefusal.From(failure) is { } refusal)
            {
                throw new QuotaExceededException(refusal, failure);
            }
        }
    }

    private async Task<MediaOutcome<T>> TryChangeAsync<T>(
        IReadOnlyCollection<MediaId> ids, Func<MediaSet, MediaDecision<T>> decide, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        MediaSet set;
        NpgsqlTransaction? transaction = null;
        try
        {
            if (ids.Count == 0)
            {
                set = new(ImmutableDictionary<MediaId, MediaItem>.Empty, time.GetUtcNow());
            }
            else
            {
                transaction = await connection.BeginTransactionAsync(cancellationToken);
                set = await LockAsync(connection, transaction, ids, cancellationToken);
            }

            var decision = decide(set);
            if (decision.Created.IsEmpty && decision.Changed.IsEmpty && decision.Deleted.IsEmpty && decision.Jobs.IsEmpty)
            {
                return new(decision.Outcome, [], null);
            }

            if (transaction is null && !decision.Jobs.IsEmpty && queue.JoinsTransactions)
            {
                transaction = await connection.BeginTransactionAsync(cancellationToken);
            }

            ImmutableArray<MediaItem> written;
            try
            {
                written = await WriteAsync(connection, transaction, set, decision, cancellationToken);
            }
            catch (PostgresException failure) when (IsAliasTaken(failure))
            {
                await (transaction?.RollbackAsync(cancellationToken) ?? Task.CompletedTask);
                if (await FindConflictAsync(connection, decision, cancellationToken) is { } conflict)
                {
                    return new(decision.Outcome, [], conflict);
                }

                throw;
            }

            await EnqueueJoinedAsync(decision.Jobs, transaction, cancellationToken);
            await (transaction?.CommitAsync(cancellationToken) ?? Task.CompletedTask);
            await EnqueueAfterAsync(decision.Jobs);
            return new(decision.Outcome, written, null);
        }
        finally
        {
            if (transaction is not null)
            {
                await transaction.DisposeAsync();
            }
        }
    }

    private static bool IsAliasTaken(PostgresException failure) =>
        failure is { SqlState: PostgresErrorCodes.UniqueViolation, ConstraintName: AliasIndex };

    private static bool IsTransient(PostgresException failure) =>
        failure.SqlState is PostgresErrorCodes.DeadlockDetected || IsAliasTaken(failure);

    // The last two statements have snapshots of their own: they see what the transactions that held the locks have committed.
    private static async Task<MediaSet> LockAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, IReadOnlyCollection<MediaId> ids, CancellationToken cancellationToken)
    {
        var values = ids.Select(id => id.Value).ToArray();
        await using var batch = new NpgsqlBatch(connection, transaction)
        {
            BatchCommands =
            {
                new("SELECT media_id FROM media WHERE media_id = ANY ($1) ORDER BY media_id FOR UPDATE")
                {
                    Parameters = { new() { Value = values } },
                },
                new("SELECT clock_timestamp()"),
                new(
                    $"""
                    SELECT {MediaRows.Columns} FROM {MediaRows.Source} WHERE m.media_id = ANY ($1) ORDER BY m.media_id, p.part_number
                    """)
                {
                    Parameters = { new() { Value = values } },
                },
                new("SELECT media_id, referenced FROM media WHERE referenced && $1 AND referenced <> '{}'")
                {
                    Parameters = { new() { Value = values } },
                },
            },
        };
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var now = reader.GetFieldValue<DateTimeOffset>(0);
        await reader.NextResultAsync(cancellationToken);
        var items = (await MediaRows.ReadAsync(reader, cancellationToken)).ToDictionary(item => item.Id);
        await reader.NextResultAsync(cancellationToken);
        return new(items, now) { Referrers = await MediaRows.ReadReferrersAsync(reader, cancellationToken) };
    }

    private static async Task<ImmutableArray<MediaItem>> WriteAsync<T>(
        NpgsqlConnection connection, NpgsqlTransaction? transaction, MediaSet set, MediaDecision<T> decision,
        CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection, transaction);
        if (!decision.Deleted.IsEmpty)
        {
            batch.BatchCommands.Add(MediaStatements.Delete(decision.Deleted));
        }

        foreach (var item in decision.Created)
        {
            batch.BatchCommands.Add(MediaStatements.Insert(item));
            foreach (var part in item.Parts)
            {
                batch.BatchCommands.Add(MediaStatements.InsertObject(part));
                batch.BatchCommands.Add(MediaStatements.InsertPart(item.Id, part));
            }
        }

        foreach (var item in decision.Changed)
        {
            batch.BatchCommands.Add(MediaStatements.Update(set.Items[item.Id], item));
            AddObjects(batch, set.Items[item.Id], item);
        }

        var written = ImmutableArray.CreateBuilder<MediaItem>(decision.Created.Length + decision.Changed.Length);
        if (batch.BatchCommands.Count == 0)
        {
            return [];
        }

        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        foreach (var item in decision.Created.Concat(decision.Changed))
        {
            // Only the statements that write items return rows, one each.
            while (!await reader.ReadAsync(cancellationToken))
            {
                if (!await reader.NextResultAsync(cancellationToken))
                {
                    throw new InvalidOperationException($"A rule changed item {item.Id}, which it had not locked.");
                }
            }

            written.Add(AsStored(item, reader));
            await reader.NextResultAsync(cancellationToken);
        }

        // An error of a later statement is thrown while its result is read.
        while (await reader.NextResultAsync(cancellationToken))
        {
        }

        return written.MoveToImmutable();
    }

    private static void AddObjects(NpgsqlBatch batch, MediaItem before, MediaItem after)
    {
        foreach (var (old, part) in before.Parts.Zip(after.Parts))
        {
            if (old.ObjectKey != part.ObjectKey)
            {
                batch.BatchCommands.Add(MediaStatements.InsertObject(part));
                batch.BatchCommands.Add(MediaStatements.SwitchObject(after.Id, part));
            }
            else if (old != part)
            {
                batch.BatchCommands.Add(MediaStatements.UpdateObject(part));
            }
        }
    }

    private static MediaItem AsStored(MediaItem item, NpgsqlDataReader reader) => item with
    {
        Version = reader.GetInt64(0),
        CreatedAt = reader.GetFieldValue<DateTimeOffset>(1),
        UpdatedAt = reader.GetFieldValue<DateTimeOffset>(2),
        Player = reader.IsDBNull(3) ? null : reader.GetString(3),
        Details = reader.IsDBNull(4) ? null : reader.GetString(4),
        Deferred = reader.IsDBNull(5) ? null : reader.GetString(5),
    };

    private static async Task<AliasConflict?> FindConflictAsync<T>(
        NpgsqlConnection connection, MediaDecision<T> decision, CancellationToken cancellationToken)
    {
        var wanted = decision.Created.Concat(decision.Changed).Where(item => item.Alias is not null).ToList();
        await using var command = new NpgsqlCommand(
            """
            SELECT m.owner, m.media_id FROM unnest($1, $2, $3) AS w (media_id, owner, alias)
            JOIN media m ON m.owner = w.owner AND m.alias = w.alias AND m.removed_at IS NULL AND m.media_id <> w.media_id LIMIT 1
            """,
            connection)
        {
            Parameters =
            {
                new() { Value = wanted.Select(item => item.Id.Value).ToArray() },
                new() { Value = wanted.Select(item => item.Owner.Value).ToArray() },
                new() { Value = wanted.Select(item => item.Alias!.Value.Value).ToArray() },
            },
        };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? new(new(reader.GetString(0)), new(reader.GetGuid(1))) : null;
    }

    private async Task EnqueueJoinedAsync(
        ImmutableArray<NewJob> jobs, NpgsqlTransaction? transaction, CancellationToken cancellationToken)
    {
        if (transaction is null || !queue.JoinsTransactions)
        {
            return;
        }

        foreach (var job in jobs)
        {
            if ((await queue.EnqueueAsync(job, transaction, cancellationToken)).Outcome == EnqueueOutcome.Full)
            {
                LogNotEnqueued(job.Kind, job.UniqueKey, "the queue is full");
            }
        }
    }

    // The change is durable by now and succeeds even without its jobs: a duty finds the items that wait for one.
    private async Task EnqueueAfterAsync(ImmutableArray<NewJob> jobs)
    {
        if (jobs.IsEmpty || queue.JoinsTransactions)
        {
            return;
        }

        try
        {
            foreach (var job in jobs)
            {
                if ((await queue.EnqueueAsync(job, CancellationToken.None)).Outcome == EnqueueOutcome.Full)
                {
                    LogNotEnqueued(job.Kind, job.UniqueKey, "the queue is full");
                }
            }
        }
        catch (JobQueueUnavailableException failure)
        {
            LogNotEnqueued(jobs[0].Kind, jobs[0].UniqueKey, failure.Message);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Enqueueing the job {Kind} of {Item} failed and is left to a duty: {Reason}")]
    private partial void LogNotEnqueued(string kind, string? item, string reason);
}
