using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;

namespace MediaAspire.Core.Notifications;

/// <summary>Bounds the number and the age of events, so that a target that is down does not fill the disk.</summary>
public sealed class NotificationRetention(NpgsqlDataSource database, IOptions<NotificationOptions> options)
{
    private const int BatchSize = 10_000;

    /// <summary>Moves pending events that are too old or too many to the dead letters, and removes ended ones.</summary>
    public async Task<NotificationTrim> TrimAsync(string target, CancellationToken cancellationToken)
    {
        var limits = options.Value;
        var died = await RepeatAsync(
            target,
            NotificationState.Pending,
            limits.MaxPending,
            limits.MaxAge,
            "occurred_at",
            """
            UPDATE notification_events SET state = 'dead', due_at = now(),
                error = 'It was too old, or too many events waited for the target.' || coalesce(' Before: ' || error, '')
            """,
            cancellationToken);
        var lost = await RepeatAsync(
            target, NotificationState.Dead, limits.MaxDead, limits.DeadRetention, "due_at",
            "DELETE FROM notification_events", cancellationToken);
        var removed = await RepeatAsync(
            target,
            NotificationState.Delivered,
            limits.MaxDelivered,
            limits.DeliveredRetention,
            "due_at",
            "DELETE FROM notification_events",
            cancellationToken);
        if (lost > 0)
        {
            await using var count = database.CreateCommand(
                """
                INSERT INTO notification_targets AS t (target, lost) VALUES ($1, $2)
                ON CONFLICT (target) DO UPDATE SET lost = t.lost + excluded.lost
                """);
            count.Parameters.Add(new() { Value = target });
            count.Parameters.Add(new() { Value = lost });
            await count.ExecuteNonQueryAsync(cancellationToken);
        }

        return new(died, lost, removed);
    }

    private async Task<long> RepeatAsync(
        string target,
        NotificationState state,
        int most,
        TimeSpan age,
        string since,
        string change,
        CancellationToken cancellationToken)
    {
        await using var boundary = database.CreateCommand(
            "SELECT sequence FROM notification_events WHERE target = $1 AND state = $2 ORDER BY sequence DESC OFFSET $3 LIMIT 1");
        boundary.Parameters.Add(new() { Value = target });
        boundary.Parameters.Add(new() { Value = state.Name });
        boundary.Parameters.Add(new() { Value = most });
        var last = await boundary.ExecuteScalarAsync(cancellationToken) as long? ?? 0;

        // The oldest numbers are those that ended first, but for replays and retries: these go later.
        var total = 0L;
        int changed;
        do
        {
            await using var command = database.CreateCommand(
                $"""
                {change} WHERE state = $2 AND sequence IN (
                    SELECT o.sequence FROM (
                        SELECT e.sequence, e.{since} AS since FROM notification_events e
                        WHERE e.target = $1 AND e.state = $2 ORDER BY e.sequence LIMIT $5) AS o
                    WHERE o.sequence <= $3 OR o.since < now() - $4)
                """);
            command.Parameters.Add(new() { Value = target });
            command.Parameters.Add(new() { Value = state.Name });
            command.Parameters.Add(new() { Value = last });
            command.Parameters.Add(new() { Value = age, NpgsqlDbType = NpgsqlDbType.Interval });
            command.Parameters.Add(new() { Value = BatchSize });
            changed = await command.ExecuteNonQueryAsync(cancellationToken);
            total += changed;
        }
        while (changed > 0);

        return total;
    }
}

/// <summary>The result of bounding the events of a target.</summary>
/// <param name="Died">Pending events that became dead letters.</param>
/// <param name="Lost">Dead letters that were removed.</param>
/// <param name="Removed">Delivered events that were removed.</param>
public readonly record struct NotificationTrim(long Died, long Lost, long Removed);
