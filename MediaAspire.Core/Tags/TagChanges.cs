using MediaAspire.Core.Database;
using MediaAspire.Core.Ids;
using MediaAspire.Core.Media;
using Npgsql;

namespace MediaAspire.Core.Tags;

/// <summary>The renames and deletions of tags, and the items that they concern, in PostgreSQL.</summary>
public sealed class TagChanges(NpgsqlDataSource database)
{
    private const string Columns = "change_id, owner, tag, new_tag, total, done, created_at, finished_at";

    /// <summary>Finds a change.</summary>
    public async Task<TagChange?> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand($"SELECT {Columns} FROM tag_changes WHERE change_id = $1");
        command.Parameters.Add(new() { Value = id });
        return await ReadAsync(command, cancellationToken) is [var change] ? change : null;
    }

    /// <summary>Records a change that a job will apply, with the number of items that have the tag.</summary>
    public async Task<TagChange> BeginAsync(Guid id, MediaOwner owner, string tag, string? newTag, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            $"""
            INSERT INTO tag_changes (change_id, owner, tag, new_tag, total)
            SELECT $1, $2, $3, $4, count(*) FROM media WHERE owner = $2 AND tags @> ARRAY[$3]
            RETURNING {Columns}
            """);
        command.Parameters.Add(new() { Value = id });
        command.Parameters.Add(new() { Value = owner.Value });
        command.Parameters.Add(new() { Value = tag });
        command.Parameters.Add(NullableParameter.Text(newTag));
        return (await ReadAsync(command, cancellationToken))[0];
    }

    /// <summary>Adds to the progress of a change.</summary>
    public async Task AdvanceAsync(Guid id, int items, bool isFinished, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            UPDATE tag_changes SET done = done + $2, changed_at = now(), finished_at = CASE WHEN $3 THEN coalesce(finished_at, now()) END
            WHERE change_id = $1
            """);
        command.Parameters.Add(new() { Value = id });
        command.Parameters.Add(new() { Value = items });
        command.Parameters.Add(new() { Value = isFinished });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Lists changes without progress for some time, whose jobs may be lost.</summary>
    public async Task<IReadOnlyList<TagChange>> ListStalledAsync(TimeSpan age, int limit, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            $"SELECT {Columns} FROM tag_changes WHERE finished_at IS NULL AND changed_at < now() - $1 ORDER BY changed_at LIMIT $2");
        command.Parameters.Add(new() { Value = age });
        command.Parameters.Add(new() { Value = limit });
        return await ReadAsync(command, cancellationToken);
    }

    /// <summary>Deletes the records of changes that were finished some time ago.</summary>
    public async Task<int> ForgetAsync(TimeSpan age, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("DELETE FROM tag_changes WHERE finished_at < now() - $1");
        command.Parameters.Add(new() { Value = age });
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Moves the record that an owner has created a tag to another tag, or deletes it.</summary>
    /// <returns><see langword="true"/> when there was one.</returns>
    public async Task<bool> MoveCreatedAsync(MediaOwner owner, string tag, string? newTag, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            WITH gone AS (DELETE FROM tags WHERE owner = $1 AND tag = $2 RETURNING created_at), moved AS (
                INSERT INTO tags (owner, tag, created_at) SELECT $1, $3, created_at FROM gone WHERE $3 IS NOT NULL ON CONFLICT DO NOTHING)
            SELECT EXISTS (SELECT FROM gone)
            """);
        command.Parameters.Add(new() { Value = owner.Value });
        command.Parameters.Add(new() { Value = tag });
        command.Parameters.Add(NullableParameter.Text(newTag));
        return await command.ExecuteScalarAsync(cancellationToken) is true;
    }

    /// <summary>Lists items of an owner that have a tag, also unlisted ones and those in the trash.</summary>
    public async Task<IReadOnlyList<MediaId>> ListItemsAsync(
        MediaOwner owner, string tag, int limit, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("SELECT media_id FROM media WHERE owner = $1 AND tags @> ARRAY[$2] LIMIT $3");
        command.Parameters.Add(new() { Value = owner.Value });
        command.Parameters.Add(new() { Value = tag });
        command.Parameters.Add(new() { Value = limit });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var ids = new List<MediaId>();
        while (await reader.ReadAsync(cancellationToken))
        {
            ids.Add(new(reader.GetGuid(0)));
        }

        return ids;
    }

    private static async Task<IReadOnlyList<TagChange>> ReadAsync(NpgsqlCommand command, CancellationToken cancellationToken)
    {
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var changes = new List<TagChange>();
        while (await reader.ReadAsync(cancellationToken))
        {
            changes.Add(new(
                reader.GetGuid(0),
                new(reader.GetString(1)),
                reader.GetString(2),
                reader.IsDBNull(3) ? null : reader.GetString(3),
                reader.GetInt64(4),
                reader.GetInt64(5),
                reader.GetFieldValue<DateTimeOffset>(6),
                reader.IsDBNull(7) ? null : reader.GetFieldValue<DateTimeOffset>(7)));
        }

        return changes;
    }
}
