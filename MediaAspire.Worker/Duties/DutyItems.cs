using MediaAspire.Core.Duties;
using MediaAspire.Core.Ids;
using MediaAspire.Core.Jobs;
using Npgsql;
using NpgsqlTypes;

namespace MediaAspire.Worker.Duties;

/// <summary>The items of duties that are done as jobs: a duty plans, and any worker does what it has put into the queue.</summary>
/// <remarks>
/// The table <c>duty_items</c> says what is in the queue; the queue itself may lose it. So an item that has not ended after a while is put
/// in again, under the id of its job: a job that is still there is not doubled, a dead letter is replayed, and a lost one is recreated.
/// The pause doubles each time, up to <see cref="LongestPause"/>. All times are the database's.
/// </remarks>
internal sealed class DutyItems(NpgsqlDataSource database, IJobQueue queue, IDeadJobs dead)
{
    /// <summary>Items of a duty that are in the queue at once as long as they end in time.</summary>
    public const int Window = 64;

    /// <summary>The maximum number of items in the queue at once, including those that are stuck.</summary>
    public const int MostInQueue = 1024;

    // Items that were put in this often count as stuck: they leave their place in the window to others.
    private const int TriesOfStuck = 3;

    private static readonly TimeSpan s_firstPause = TimeSpan.FromMinutes(1);

    /// <summary>Gets the longest time until an item that does not end is put in again.</summary>
    public static TimeSpan LongestPause { get; } = TimeSpan.FromHours(1);

    public async Task<DutyLoad> CountAsync(string duty, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("""
            SELECT count(*) FILTER (WHERE NOT resting AND tries < $2), count(*) FILTER (WHERE NOT resting),
                count(*) FILTER (WHERE resting AND due_at > now())
            FROM duty_items WHERE duty = $1
            """);
        command.Parameters.Add(new() { Value = duty });
        command.Parameters.Add(new() { Value = TriesOfStuck });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return new DutyLoad(reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2));
    }

    /// <summary>Puts items into the queue, except those that another planner put in meanwhile.</summary>
    /// <param name="duty">A name of <see cref="DutyNames"/>.</param>
    /// <param name="items">The items and their jobs, the most urgent first.</param>
    /// <param name="cancellationToken">Ends the call; what is not in the queue then is put in again later.</param>
    /// <returns>The number of items that are in the queue now; less than all when it is full.</returns>
    /// <exception cref="JobQueueUnavailableException">The queue did not answer.</exception>
    public async Task<int> EnqueueAsync(string duty, IReadOnlyList<(Guid Item, NewJob Job)> items, CancellationToken cancellationToken)
    {
        // The row first: an item in the queue that no row knows would be put in twice.
        var taken = await TakeAsync(duty, items, cancellationToken);
        var left = new Queue<(Guid Item, NewJob Job)>(items.Where(item => taken.ContainsKey(item.Item)));
        var enqueued = 0;
        try
        {
            while (left.TryPeek(out var next) && await TryEnqueueAsync(next.Job, taken[next.Item], cancellationToken))
            {
                left.Dequeue();
                enqueued++;
            }
        }
        finally
        {
            // Those wait for the next run, not for the pause of what is in the queue.
            await ForgetAsync(duty, [.. left.Select(item => item.Item)], CancellationToken.None);
        }

        return enqueued;
    }

    /// <summary>Records that an item is done, and wakes the planner when few are left in the queue.</summary>
    public Task EndAsync(string duty, Guid item, CancellationToken cancellationToken) => ChangeAsync(
        duty,
        new("DELETE FROM duty_items WHERE duty = $1 AND item = $2") { Parameters = { new() { Value = duty }, new() { Value = item } } },
        cancellationToken);

    /// <summary>Records that nothing can be done for an item now, and wakes the planner when few are left in the queue.</summary>
    /// <param name="duty">A name of <see cref="DutyNames"/>.</param>
    /// <param name="item">The item.</param>
    /// <param name="pause">The time until it is tried again.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public Task RestAsync(string duty, Guid item, TimeSpan pause, CancellationToken cancellationToken) => ChangeAsync(
        duty,
        new("UPDATE duty_items SET resting = true, tries = 0, due_at = now() + $3 WHERE duty = $1 AND item = $2")
        {
            Parameters = { new() { Value = duty }, new() { Value = item }, new() { Value = pause } },
        },
        cancellationToken);

    /// <summary>Lets resting items be put in again at once.</summary>
    public async Task AwakenAsync(string duty, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            "UPDATE duty_items SET due_at = now() WHERE duty = $1 AND resting AND due_at > now()");
        command.Parameters.Add(new() { Value = duty });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Deletes items that no planner has asked for since they could be put in again.</summary>
    public async Task TidyAsync(string duty, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("DELETE FROM duty_items WHERE duty = $1 AND due_at < now() - $2");
        command.Parameters.Add(new() { Value = duty });
        command.Parameters.Add(new() { Value = LongestPause });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <returns>Of those items that may be put in, the job's id and how often it was put in before.</returns>
    private async Task<Dictionary<Guid, (JobId Job, int Before)>> TakeAsync(
        string duty, IReadOnlyList<(Guid Item, NewJob Job)> items, CancellationToken cancellationToken)
    {
        // A job of an item that rests may not have been settled yet, so the next one has an id of its own.
        await using var command = database.CreateCommand("""
            INSERT INTO duty_items AS i (duty, item, job_id, due_at)
            SELECT $1, taken.item, taken.job, now() + $4 FROM unnest($2, $3) AS taken (item, job) ORDER BY taken.item
            ON CONFLICT (duty, item) DO UPDATE
            SET job_id = CASE WHEN i.resting THEN excluded.job_id ELSE i.job_id END, tries = i.tries + 1, resting = false,
                due_at = now() + least($4 * power(2, least(i.tries, 30)), $5)
            WHERE i.due_at <= now()
            RETURNING item, job_id, tries - 1
            """);
        command.Parameters.Add(new() { Value = duty });
        command.Parameters.Add(new() { Value = items.Select(item => item.Item).ToArray() });
        command.Parameters.Add(new() { Value = items.Select(item => item.Job.Id.Value).ToArray() });
        command.Parameters.Add(new() { Value = s_firstPause, NpgsqlDbType = NpgsqlDbType.Interval });
        command.Parameters.Add(new() { Value = LongestPause, NpgsqlDbType = NpgsqlDbType.Interval });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var taken = new Dictionary<Guid, (JobId, int)>();
        while (await reader.ReadAsync(cancellationToken))
        {
            taken.Add(reader.GetGuid(0), (new JobId(reader.GetGuid(1)), reader.GetInt32(2)));
        }

        return taken;
    }

    /// <returns>False when the queue is full.</returns>
    private async Task<bool> TryEnqueueAsync(NewJob job, (JobId Id, int Before) taken, CancellationToken cancellationToken) =>
        (taken.Before > 0 && await dead.ReplayAsync(taken.Id, cancellationToken))
        || (await queue.EnqueueAsync(job with { Id = taken.Id }, cancellationToken)).Outcome != EnqueueOutcome.Full;

    private async Task ForgetAsync(string duty, Guid[] items, CancellationToken cancellationToken)
    {
        if (items.Length > 0)
        {
            await using var command = database.CreateCommand("DELETE FROM duty_items WHERE duty = $1 AND item = ANY($2)");
            command.Parameters.Add(new() { Value = duty });
            command.Parameters.Add(new() { Value = items });
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    private async Task ChangeAsync(string duty, NpgsqlBatchCommand change, CancellationToken cancellationToken)
    {
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(change);
        batch.BatchCommands.Add(new(
            "SELECT pg_notify($1, $2) WHERE (SELECT count(*) FROM duty_items WHERE duty = $2 AND NOT resting) <= $3")
        {
            Parameters = { new() { Value = DutySignals.Channel }, new() { Value = duty }, new() { Value = Window / 2 } },
        });
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }
}

/// <param name="Fresh">Items in the queue that have not been there for long.</param>
/// <param name="InQueue">Items in the queue.</param>
/// <param name="Resting">Items for which nothing can be done now.</param>
internal readonly record struct DutyLoad(long Fresh, long InQueue, long Resting)
{
    /// <summary>Computes the number of items that may still be put in, given a window.</summary>
    public int RoomIn(int window) => InQueue >= DutyItems.MostInQueue ? 0 : (int)Math.Max(0, window - Fresh);
}
