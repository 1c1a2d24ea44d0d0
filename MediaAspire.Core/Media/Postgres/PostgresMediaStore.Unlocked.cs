using System.Collections.Immutable;
using MediaAspire.Core.Ids;
using MediaAspire.Core.Jobs;
using MediaAspire.Core.Quotas;
using Npgsql;

namespace MediaAspire.Core.Media.Postgres;

/// <content>Changes of one item without a lock.</content>
public sealed partial class PostgresMediaStore
{
    // An item is rarely changed by several at once. A lock that waits for its turn ends it, should they never agree.
    private const int UnlockedAttempts = 2;

    /// <inheritdoc/>
    public async Task<MediaOutcome<T>> ChangeOneAsync<T>(
        MediaId id, Func<MediaSet, MediaDecision<T>> decide, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(decide);

        for (var attempt = 0; attempt < UnlockedAttempts; attempt++)
        {
            try
            {
                return await ChangeUnlockedAsync(id, decide, cancellationToken);
            }
            catch (PostgresException failure) when (IsOvertaken(failure))
            {
                // Another change was faster. Nothing of this one was made.
            }
            catch (PostgresException failure) when (IsTransient(failure) || QuotaRefusal.From(failure) is not null)
            {
                break;
            }
        }

        return await ChangeAsync([id], decide, cancellationToken);
    }

    // See require_met().
    private static bool IsOvertaken(PostgresException failure) =>
        failure is { SqlState: "MA002", ConstraintName: MediaStatements.UnchangedVersion };

    private async Task<MediaOutcome<T>> ChangeUnlockedAsync<T>(
        MediaId id, Func<MediaSet, MediaDecision<T>> decide, CancellationToken cancellationToken)
    {
        var set = await ReadAsync(id, cancellationToken);
        var decision = decide(set);
        if (!decision.Created.IsEmpty || !decision.Deleted.IsEmpty || decision.Changed.Length > 1
            || decision.Changed.Any(item => item.Id != id))
        {
            throw new InvalidOperationException($"A rule for item {id} alone decided on something else.");
        }

        await using var batch = database.CreateBatch();
        foreach (var item in decision.Changed)
        {
            batch.BatchCommands.Add(MediaStatements.UpdateUnchanged(set.Items[id], item));
            AddObjects(batch, set.Items[id], item);
        }

        var committed = await JoinAsync(decision.Jobs, batch, cancellationToken);
        var written = await RunAsync(batch, decision.Changed, cancellationToken);
        committed.ForEach(tell => tell());
        await EnqueueAfterAsync(decision.Jobs);
        return new(decision.Outcome, written, null);
    }

    private static async Task<ImmutableArray<MediaItem>> RunAsync(
        NpgsqlBatch batch, ImmutableArray<MediaItem> changed, CancellationToken cancellationToken)
    {
        if (batch.BatchCommands.Count == 0)
        {
            return [];
        }

        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        ImmutableArray<MediaItem> written = changed is [var item] && await reader.ReadAsync(cancellationToken)
            ? [AsStored(item, reader)]
            : [];

        // An error of a later statement is thrown while its result is read.
        while (await reader.NextResultAsync(cancellationToken))
        {
        }

        return written;
    }

    private async Task<MediaSet> ReadAsync(MediaId id, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            $"""
            SELECT {MediaRows.Columns}, c.now FROM clock_timestamp() AS c (now) LEFT JOIN ({MediaRows.Source}) ON m.media_id = $1
            ORDER BY p.part_number
            """);
        command.Parameters.Add(new() { Value = id.Value });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        DateTimeOffset now = default;
        var items = await MediaRows.ReadAsync(
            reader, row => now = row.GetFieldValue<DateTimeOffset>(MediaRows.ColumnCount), cancellationToken);
        return new(items.ToDictionary(item => item.Id), now);
    }

    /// <returns>What to call after the commit.</returns>
    private async Task<List<Func<EnqueueOutcome>>> JoinAsync(
        IEnumerable<NewJob> jobs, NpgsqlBatch batch, CancellationToken cancellationToken)
    {
        var committed = new List<Func<EnqueueOutcome>>();
        if (!queue.JoinsTransactions)
        {
            return committed;
        }

        foreach (var job in jobs)
        {
            if (await queue.JoinAsync(job, batch, cancellationToken) is { } tell)
            {
                committed.Add(tell);
            }
            else
            {
                LogNotEnqueued(job.Kind, job.UniqueKey, "the queue is full");
            }
        }

        return committed;
    }
}
