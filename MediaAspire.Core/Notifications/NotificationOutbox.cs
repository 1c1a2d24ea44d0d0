using MediaAspire.Core.Ids;
using Npgsql;
using NpgsqlTypes;

namespace MediaAspire.Core.Notifications;

/// <summary>The events that wait to be sent. The SQL function <c>record_event()</c> adds them. All times are the database's.</summary>
/// <remarks>Thread-safe. Every method throws <see cref="NpgsqlException"/> when the database does not answer.</remarks>
public sealed class NotificationOutbox(NpgsqlDataSource database)
{
    internal const string Columns =
        "e.sequence, e.target, e.rule_id, e.event, e.bucket_id, e.bucket_name, e.bucket_owner, e.region, e.key, e.version_id, e.is_null, "
        + "e.size, e.etag, e.occurred_at, e.attempts";

    /// <summary>Reads the oldest events that may be sent now, in the order of their sequence numbers.</summary>
    /// <remarks>
    /// None while the target pauses. An event of a key whose earlier event pauses is left out, so that the key's order is kept.
    /// </remarks>
    public async Task<IReadOnlyList<NotificationEvent>> ReadDueAsync(string target, int limit, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            $"""
            SELECT {Columns} FROM notification_events e
            WHERE e.target = $1 AND e.state = 'pending' AND e.due_at <= now()
                AND NOT EXISTS (SELECT FROM notification_targets t WHERE t.target = $1 AND t.retry_at > now())
                AND NOT EXISTS (
                    SELECT FROM notification_events p
                    WHERE p.target = $1 AND p.state = 'pending' AND p.bucket_id = e.bucket_id AND p.key = e.key
                        AND p.sequence < e.sequence AND p.due_at > now())
            ORDER BY e.sequence LIMIT $2
            """);
        command.Parameters.Add(new() { Value = target });
        command.Parameters.Add(new() { Value = limit });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var events = new List<NotificationEvent>();
        while (await reader.ReadAsync(cancellationToken))
        {
            events.Add(Read(reader));
        }

        return events;
    }

    /// <summary>Determines whether any event waits for a target, due or not.</summary>
    public async Task<bool> HasPendingAsync(string target, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            "SELECT EXISTS (SELECT FROM notification_events WHERE target = $1 AND state = 'pending')");
        command.Parameters.Add(new() { Value = target });
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>Records that a target has received events.</summary>
    public async Task DeliverAsync(IReadOnlyList<NotificationEvent> events, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            UPDATE notification_events SET state = 'delivered', due_at = now(), error = NULL
            WHERE sequence = ANY ($1) AND state = 'pending'
            """);
        command.Parameters.Add(SequencesOf(events));
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Records that a target has refused events. Those with too many refusals become dead letters.</summary>
    /// <param name="events">The events of one request.</param>
    /// <param name="maxAttempts">The refusals after which an event is a dead letter.</param>
    /// <param name="pause">The pause before the next attempt.</param>
    /// <param name="error">The reason, without secrets.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The number of new dead letters.</returns>
    public async Task<int> RefuseAsync(
        IReadOnlyList<NotificationEvent> events, int maxAttempts, TimeSpan pause, string error, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            WITH refused AS (
                UPDATE notification_events SET attempts = attempts + 1, error = $4,
                    state = CASE WHEN attempts + 1 >= $2 THEN 'dead' ELSE 'pending' END,
                    due_at = CASE WHEN attempts + 1 >= $2 THEN now() ELSE now() + $3 END
                WHERE sequence = ANY ($1) AND state = 'pending'
                RETURNING state)
            SELECT count(*) FILTER (WHERE state = 'dead') FROM refused
            """);
        command.Parameters.Add(SequencesOf(events));
        command.Parameters.Add(new() { Value = maxAttempts });
        command.Parameters.Add(new() { Value = pause, NpgsqlDbType = NpgsqlDbType.Interval });
        command.Parameters.Add(new() { Value = error });
        return (int)(long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>Records that a target works.</summary>
    public async Task RecordSuccessAsync(string target, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            INSERT INTO notification_targets AS t (target, delivered_at) VALUES ($1, now())
            ON CONFLICT (target) DO UPDATE
            SET delivered_at = now(), failures = 0, retry_at = NULL, failing_since = NULL, error = NULL
            """);
        command.Parameters.Add(new() { Value = target });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Records that a target does not work, and pauses it.</summary>
    /// <param name="target">The target.</param>
    /// <param name="firstPause">The pause after the first failure; each further one in a row doubles it.</param>
    /// <param name="longestPause">The longest pause.</param>
    /// <param name="error">The reason, without secrets.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The number of failures in a row, from 1.</returns>
    public async Task<int> RecordFailureAsync(
        string target, TimeSpan firstPause, TimeSpan longestPause, string error, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            INSERT INTO notification_targets AS t (target, failures, retry_at, failing_since, error)
            VALUES ($1, 1, now() + least($2, $3), now(), $4)
            ON CONFLICT (target) DO UPDATE
            SET failures = t.failures + 1, retry_at = now() + least($2 * power(2, least(t.failures, 30)), $3),
                failing_since = coalesce(t.failing_since, now()), error = $4
            RETURNING failures
            """);
        command.Parameters.Add(new() { Value = target });
        command.Parameters.Add(new() { Value = firstPause, NpgsqlDbType = NpgsqlDbType.Interval });
        command.Parameters.Add(new() { Value = longestPause, NpgsqlDbType = NpgsqlDbType.Interval });
        command.Parameters.Add(new() { Value = error });
        return (int)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    internal static NotificationEvent Read(NpgsqlDataReader reader) => new(
        reader.GetInt64(0),
        reader.GetString(1),
        reader.GetString(2),
        reader.GetString(3),
        new(new BucketId(reader.GetGuid(4)), reader.GetString(5), reader.GetString(6), reader.GetString(7)),
        reader.GetString(8),
        new(new VersionId(reader.GetGuid(9)), reader.GetBoolean(10)),
        reader.GetInt64(11),
        reader.GetString(12),
        reader.GetFieldValue<DateTimeOffset>(13),
        reader.GetInt32(14));

    private static NpgsqlParameter SequencesOf(IReadOnlyList<NotificationEvent> events) =>
        new() { Value = events.Select(told => told.Sequence).ToArray() };
}
