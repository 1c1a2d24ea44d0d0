using Npgsql;

namespace MediaAspire.Core.Notifications;

/// <summary>Reads and replays the events of targets, for operators.</summary>
public sealed class NotificationQueries(NpgsqlDataSource database)
{
    // The events that one transaction of a replay changes.
    private const int ReplayBatch = 10_000;

    /// <summary>Reads the state of every target that has events or had any, by name.</summary>
    public async Task<IReadOnlyList<NotificationTargetState>> ReadStatesAsync(CancellationToken cancellationToken)
    {
        // Counts are those of an index; names are found by skipping from one to the next.
        await using var command = database.CreateCommand(
            """
            WITH RECURSIVE names AS (
                (SELECT min(target) AS target FROM notification_events)
                UNION ALL
                SELECT (SELECT min(e.target) FROM notification_events e WHERE e.target > n.target) FROM names n WHERE n.target IS NOT NULL)
            SELECT k.target, t.failures, t.retry_at, t.failing_since, t.error, t.delivered_at, coalesce(t.lost, 0),
                (SELECT count(*) FROM notification_events e WHERE e.target = k.target AND e.state = 'pending'),
                (SELECT count(*) FROM notification_events e WHERE e.target = k.target AND e.state = 'dead'),
                (SELECT count(*) FROM notification_events e WHERE e.target = k.target AND e.state = 'delivered'),
                (SELECT e.occurred_at FROM notification_events e
                 WHERE e.target = k.target AND e.state = 'pending' ORDER BY e.sequence LIMIT 1)
            FROM (SELECT target FROM names WHERE target IS NOT NULL UNION SELECT target FROM notification_targets) AS k
            LEFT JOIN notification_targets t USING (target) ORDER BY k.target
            """);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var states = new List<NotificationTargetState>();
        while (await reader.ReadAsync(cancellationToken))
        {
            states.Add(new(reader.GetString(0), reader.GetInt64(7), reader.GetInt64(8), reader.GetInt64(9), reader.GetInt64(6))
            {
                Failures = reader.IsDBNull(1) ? 0 : reader.GetInt32(1),
                RetryAt = TimeAt(reader, 2),
                FailingSince = TimeAt(reader, 3),
                Error = reader.IsDBNull(4) ? null : reader.GetString(4),
                DeliveredAt = TimeAt(reader, 5),
                OldestPendingAt = TimeAt(reader, 10),
            });
        }

        return states;
    }

    /// <summary>Reads the targets that fail, with the time of the first failure and the last error.</summary>
    public async Task<IReadOnlyList<(string Target, TimeSpan FailingFor, string? Error)>> ReadFailingAsync(
        CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            "SELECT target, now() - failing_since, error FROM notification_targets WHERE failing_since IS NOT NULL ORDER BY target");
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var failing = new List<(string, TimeSpan, string?)>();
        while (await reader.ReadAsync(cancellationToken))
        {
            failing.Add((reader.GetString(0), reader.GetTimeSpan(1), reader.IsDBNull(2) ? null : reader.GetString(2)));
        }

        return failing;
    }

    /// <summary>Lists the events of a target in one state, in the order of their sequence numbers.</summary>
    public async Task<IReadOnlyList<NotificationRecord>> ListAsync(
        string target, NotificationState state, long after, int limit, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            $"""
            SELECT {NotificationOutbox.Columns}, e.due_at, e.error FROM notification_events e
            WHERE e.target = $1 AND e.state = $2 AND e.sequence > $3 ORDER BY e.sequence LIMIT $4
            """);
        command.Parameters.Add(new() { Value = target });
        command.Parameters.Add(new() { Value = state.Name });
        command.Parameters.Add(new() { Value = after });
        command.Parameters.Add(new() { Value = limit });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var events = new List<NotificationRecord>();
        while (await reader.ReadAsync(cancellationToken))
        {
            events.Add(new(
                NotificationOutbox.Read(reader),
                reader.GetFieldValue<DateTimeOffset>(15),
                reader.IsDBNull(16) ? null : reader.GetString(16)));
        }

        return events;
    }

    /// <summary>Makes ended events pending again, and ends a pause of the target.</summary>
    /// <param name="target">The target.</param>
    /// <param name="from">The first sequence number.</param>
    /// <param name="to">The last sequence number.</param>
    /// <param name="only">The state of the events; <see langword="null"/> for delivered and dead ones.</param>
    /// <param name="signal">The signal that wakes the sender.</param>
    /// <param name="cancellationToken">Ends the call; events that were replayed before stay pending.</param>
    /// <returns>The number of replayed events.</returns>
    public async Task<long> ReplayAsync(
        string target, long from, long to, NotificationState? only, NpgsqlBatchCommand signal, CancellationToken cancellationToken)
    {
        var replayed = 0L;
        foreach (var state in only is { } one ? [one] : new[] { NotificationState.Dead, NotificationState.Delivered })
        {
            int changed;
            do
            {
                await using var command = database.CreateCommand(
                    """
                    UPDATE notification_events SET state = 'pending', attempts = 0, due_at = now(), error = NULL
                    WHERE sequence IN (
                        SELECT sequence FROM notification_events
                        WHERE target = $1 AND state = $2 AND sequence BETWEEN $3 AND $4 ORDER BY sequence LIMIT $5 FOR UPDATE)
                    """);
                command.Parameters.Add(new() { Value = target });
                command.Parameters.Add(new() { Value = state.Name });
                command.Parameters.Add(new() { Value = from });
                command.Parameters.Add(new() { Value = to });
                command.Parameters.Add(new() { Value = ReplayBatch });
                changed = await command.ExecuteNonQueryAsync(cancellationToken);
                replayed += changed;
            }
            while (changed == ReplayBatch);
        }

        await using var wake = database.CreateBatch();
        wake.BatchCommands.Add(new("UPDATE notification_targets SET retry_at = NULL WHERE target = $1")
        {
            Parameters = { new() { Value = target } },
        });
        wake.BatchCommands.Add(signal);
        await wake.ExecuteNonQueryAsync(cancellationToken);
        return replayed;
    }

    private static DateTimeOffset? TimeAt(NpgsqlDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : reader.GetFieldValue<DateTimeOffset>(column);
}

/// <summary>The states of an event.</summary>
public enum NotificationState
{
    Pending,
    Delivered,

    /// <summary>The event is not sent any more, unless an operator replays it.</summary>
    Dead,
}

/// <summary>The names of states, in the database and on the wire.</summary>
public static class NotificationStates
{
    extension(NotificationState state)
    {
        /// <summary>Gets the state's name.</summary>
        public string Name => state switch
        {
            NotificationState.Pending => "pending",
            NotificationState.Delivered => "delivered",
            _ => "dead",
        };
    }

    /// <summary>Finds the state of a name.</summary>
    public static NotificationState? Find(string? name) => name switch
    {
        "pending" => NotificationState.Pending,
        "delivered" => NotificationState.Delivered,
        "dead" => NotificationState.Dead,
        _ => null,
    };
}

/// <summary>The state of a target.</summary>
/// <param name="Target">Its name.</param>
/// <param name="Pending">Events that wait.</param>
/// <param name="Dead">Dead letters.</param>
/// <param name="Delivered">Delivered events that can be replayed.</param>
/// <param name="Lost">Dead letters that were removed because they were too old or too many.</param>
public sealed record NotificationTargetState(string Target, long Pending, long Dead, long Delivered, long Lost)
{
    /// <summary>Gets the failures in a row of the target as a whole.</summary>
    public int Failures { get; init; }

    /// <summary>Gets the time of the next attempt after a failure.</summary>
    public DateTimeOffset? RetryAt { get; init; }

    public DateTimeOffset? FailingSince { get; init; }

    public string? Error { get; init; }

    /// <summary>Gets the time of the last round of requests in which an event was delivered.</summary>
    public DateTimeOffset? DeliveredAt { get; init; }

    public DateTimeOffset? OldestPendingAt { get; init; }
}

/// <summary>An event as an operator sees it.</summary>
/// <param name="Event">The event.</param>
/// <param name="At">The next attempt of a pending event; the end of another.</param>
/// <param name="Error">The last refusal.</param>
public sealed record NotificationRecord(NotificationEvent Event, DateTimeOffset At, string? Error);
