using MediaAspire.Core.Ids;
using MediaAspire.Core.ObjectStore;
using Npgsql;

namespace MediaAspire.Core.Media.Access;

/// <summary>The objects whose public access may have to change, in PostgreSQL. Triggers fill it, see <c>media_object_access</c>.</summary>
public sealed class ObjectAccessBacklog(NpgsqlDataSource database)
{
    // The class of the advisory locks of objects.
    private const int LockClass = 1_296_385_601;

    private const string IsPublic =
        """
        EXISTS (
            SELECT FROM media_parts p JOIN media m USING (media_id)
            WHERE p.object_key = a.object_key AND m.is_public AND m.removed_at IS NULL AND m.status > 1)
        """;

    /// <summary>Finds those among some objects that are queued.</summary>
    public Task<IReadOnlyList<string>> ListAsync(string[] keys, CancellationToken cancellationToken) => ListAsync(
        "SELECT object_key FROM media_object_access WHERE object_key = ANY ($1) ORDER BY object_key", keys, cancellationToken);

    /// <summary>Lists objects that are due, the oldest first.</summary>
    public Task<IReadOnlyList<string>> ListDueAsync(int limit, CancellationToken cancellationToken) => ListAsync(
        "SELECT object_key FROM media_object_access WHERE due_at <= now() ORDER BY due_at LIMIT $1", limit, cancellationToken);

    /// <summary>Has the store follow the catalog for one object. Calls for the same object wait for each other.</summary>
    /// <param name="key">The object.</param>
    /// <param name="apply">Makes the object public or private in the store.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns><see langword="null"/> when nothing is queued for the object any more, or the object does not exist.</returns>
    public async Task<AppliedAccess?> ApplyAsync(
        string key, Func<bool, Task<AccessOutcome>> apply, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(apply);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await LockAsync(connection, transaction, key, cancellationToken);
        if (await FindAsync(connection, transaction, key, cancellationToken) is not { } entry)
        {
            await transaction.CommitAsync(cancellationToken);
            return null;
        }

        var outcome = await apply(entry.IsPublic);
        await using (var command = new NpgsqlCommand(
            "UPDATE media_object_access SET is_applied = true WHERE object_key = $1 AND generation = $2", connection, transaction))
        {
            command.Parameters.Add(new() { Value = key });
            command.Parameters.Add(new() { Value = entry.Generation });
            await command.ExecuteNonQueryAsync(cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        return entry with { Outcome = outcome };
    }

    /// <summary>Lists the public items with an object that do not know yet that all their objects are public.</summary>
    public async Task<IReadOnlyList<MediaId>> ListItemsToTellAsync(string key, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            SELECT m.media_id FROM media_parts p JOIN media m USING (media_id)
            WHERE p.object_key = $1 AND m.is_public AND m.removed_at IS NULL AND m.status > 1 AND NOT m.has_public_objects
                AND NOT EXISTS (
                    SELECT FROM media_parts o JOIN media_object_access a USING (object_key)
                    WHERE o.media_id = m.media_id AND NOT a.is_applied)
            """);
        command.Parameters.Add(new() { Value = key });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var ids = new List<MediaId>();
        while (await reader.ReadAsync(cancellationToken))
        {
            ids.Add(new(reader.GetGuid(0)));
        }

        return ids;
    }

    /// <summary>Removes an object from the queue, unless it was queued again.</summary>
    /// <returns><see langword="false"/> when it was.</returns>
    public async Task<bool> RemoveAsync(string key, long generation, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            WITH removed AS (DELETE FROM media_object_access WHERE object_key = $1 AND generation = $2 RETURNING object_key)
            SELECT EXISTS (SELECT FROM removed) OR NOT EXISTS (SELECT FROM media_object_access WHERE object_key = $1)
            """);
        command.Parameters.Add(new() { Value = key });
        command.Parameters.Add(new() { Value = generation });
        return await command.ExecuteScalarAsync(cancellationToken) is true;
    }

    /// <summary>Records that the store refused or did not answer. The object is due again later, from 10 seconds to an hour.</summary>
    public async Task PostponeAsync(string key, string error, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            UPDATE media_object_access
            SET attempts = attempts + 1, error = $2,
                due_at = now() + least(interval '10 seconds' * (2 ^ least(attempts, 20)), interval '1 hour')
            WHERE object_key = $1
            """);
        command.Parameters.Add(new() { Value = key });
        command.Parameters.Add(new() { Value = error });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task LockAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, string key, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("SELECT pg_advisory_xact_lock($1, hashtext($2))", connection, transaction);
        command.Parameters.Add(new() { Value = LockClass });
        command.Parameters.Add(new() { Value = key });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task<AppliedAccess?> FindAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, string key, CancellationToken cancellationToken)
    {
        // An object that is gone needs nothing.
        await using var command = new NpgsqlCommand(
            $"""
            WITH gone AS (
                DELETE FROM media_object_access a WHERE a.object_key = $1
                    AND NOT EXISTS (SELECT FROM media_objects o WHERE o.object_key = a.object_key) RETURNING a.object_key)
            SELECT a.generation, {IsPublic} FROM media_object_access a
            WHERE a.object_key = $1 AND NOT EXISTS (SELECT FROM gone)
            """,
            connection,
            transaction);
        command.Parameters.Add(new() { Value = key });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? new(reader.GetInt64(0), reader.GetBoolean(1), default) : null;
    }

    private async Task<IReadOnlyList<string>> ListAsync(string sql, object parameter, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(sql);
        command.Parameters.Add(new() { Value = parameter });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var keys = new List<string>();
        while (await reader.ReadAsync(cancellationToken))
        {
            keys.Add(reader.GetString(0));
        }

        return keys;
    }
}

/// <summary>The access of an object, as the store was told.</summary>
/// <param name="Generation">The generation of the entry that was applied.</param>
/// <param name="IsPublic">Gets a value indicating whether the catalog said that the object is public.</param>
/// <param name="Outcome">The store's answer.</param>
public sealed record AppliedAccess(long Generation, bool IsPublic, AccessOutcome Outcome);
