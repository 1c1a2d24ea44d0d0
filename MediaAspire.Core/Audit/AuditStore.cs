using System.Net;
using Npgsql;
using NpgsqlTypes;

namespace MediaAspire.Core.Audit;

/// <summary>The events in PostgreSQL.</summary>
public sealed class AuditStore(NpgsqlDataSource database)
{
    private const string Columns =
        "event_id, occurred_at, api, actor_kind, actor, owner_id, address, action, resource, outcome, status, reason, request_id, repeats";

    /// <summary>Adds events; they are durable when it returns.</summary>
    /// <exception cref="PostgresException">The unique key is violated: all of these events are stored already.</exception>
    public async Task AddAsync(IReadOnlyList<AuditEvent> events, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var rows = await connection.BeginBinaryImportAsync(
            $"COPY audit_events ({Columns}) FROM STDIN (FORMAT binary)", cancellationToken);
        foreach (var one in events)
        {
            await rows.StartRowAsync(cancellationToken);
            await rows.WriteAsync(one.Id, NpgsqlDbType.Uuid, cancellationToken);
            await rows.WriteAsync(one.OccurredAt.UtcDateTime, NpgsqlDbType.TimestampTz, cancellationToken);
            await rows.WriteAsync(one.Api.Name(), NpgsqlDbType.Text, cancellationToken);
            await rows.WriteAsync(one.Actor.Kind.Name(), NpgsqlDbType.Text, cancellationToken);
            await WriteAsync(one.Actor.KeyId);
            await WriteAsync(one.Actor.OwnerId);
            await (one.Address is { } address
                ? rows.WriteAsync(address, NpgsqlDbType.Inet, cancellationToken)
                : rows.WriteNullAsync(cancellationToken));
            await WriteAsync(one.Action);
            await WriteAsync(one.Resource);
            await rows.WriteAsync(one.Outcome.Name(), NpgsqlDbType.Text, cancellationToken);
            await rows.WriteAsync((short)one.Status, NpgsqlDbType.Smallint, cancellationToken);
            await WriteAsync(one.Reason);
            await WriteAsync(one.RequestId);
            await rows.WriteAsync(one.Repeats, NpgsqlDbType.Integer, cancellationToken);
        }

        await rows.CompleteAsync(cancellationToken);

        Task WriteAsync(string? text) => text is null
            ? rows.WriteNullAsync(cancellationToken)
            : rows.WriteAsync(AuditText.Clean(text), NpgsqlDbType.Text, cancellationToken);
    }

    /// <summary>Lists events.</summary>
    /// <param name="filter">The events to list.</param>
    /// <param name="after">Only events behind this one, in the order of the list; <see langword="null"/> for the first page.</param>
    /// <param name="oldestFirst">A value indicating whether the oldest events come first.</param>
    /// <param name="limit">The most events.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task<IReadOnlyList<AuditEvent>> ListAsync(
        AuditFilter filter, Guid? after, bool oldestFirst, int limit, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand();
        var conditions = new List<string>();
        Add("event_id >= ", filter.From is { } from ? (object)AuditFilter.FirstId(from) : null);
        Add("event_id < ", filter.To is { } to ? (object)AuditFilter.FirstId(to) : null);
        Add(oldestFirst ? "event_id > " : "event_id < ", after);
        Add("api = ", filter.Api);
        Add("actor = ", filter.Actor);
        Add("owner_id = ", filter.Owner);
        Add("address <<= ", filter.Address is { } network ? (object)new NpgsqlInet(network.BaseAddress, (byte)network.PrefixLength) : null);
        Add("action = ", filter.Action);
        Add("outcome = ", filter.Outcome);
        if (filter.Resource is { Length: > 0 } resource)
        {
            if (resource.EndsWith('*'))
            {
                command.Parameters.Add(new() { Value = resource[..^1] });
                conditions.Add($"starts_with(resource, ${command.Parameters.Count})");
            }
            else
            {
                Add("resource = ", resource);
            }
        }

        var where = conditions.Count > 0 ? "WHERE " + string.Join(" AND ", conditions) : "";
        command.Parameters.Add(new() { Value = limit });
        command.CommandText =
            $"SELECT {Columns} FROM audit_events {where} ORDER BY event_id {(oldestFirst ? "" : "DESC")} LIMIT ${command.Parameters.Count}";

        var events = new List<AuditEvent>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            events.Add(Read(reader));
        }

        return events;

        void Add(string condition, object? value)
        {
            if (value is not null)
            {
                command.Parameters.Add(new() { Value = value });
                conditions.Add($"{condition}${command.Parameters.Count}");
            }
        }
    }

    /// <summary>Prepares the coming days, and removes the events of days that are older than the retention.</summary>
    /// <returns>The number of days that were prepared, and of those that were removed.</returns>
    public async Task<(int Created, int Removed)> KeepAsync(TimeSpan retention, int daysAhead, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("SELECT created, removed FROM keep_audit($1, $2)");
        command.Parameters.Add(new() { Value = retention });
        command.Parameters.Add(new() { Value = daysAhead });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return (reader.GetInt32(0), reader.GetInt32(1));
    }

    private static AuditEvent Read(NpgsqlDataReader reader) => new()
    {
        Id = reader.GetGuid(0),
        OccurredAt = reader.GetFieldValue<DateTimeOffset>(1),
        Api = AuditNames.Api(reader.GetString(2)),
        Actor = new(AuditNames.Actor(reader.GetString(3)), Text(reader, 4), Text(reader, 5)),
        Address = reader.IsDBNull(6) ? null : reader.GetFieldValue<IPAddress>(6),
        Action = reader.GetString(7),
        Resource = Text(reader, 8),
        Outcome = AuditNames.Outcome(reader.GetString(9)),
        Status = reader.GetInt16(10),
        Reason = Text(reader, 11),
        RequestId = Text(reader, 12),
        Repeats = reader.GetInt32(13),
    };

    private static string? Text(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
}
