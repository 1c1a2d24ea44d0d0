using MediaAspire.Core.Cluster;
using MediaAspire.Core.Database;
using MediaAspire.Core.Ids;
using Npgsql;

namespace MediaAspire.Core.Media.Lifecycle;

/// <summary>Finds the items that a duty looks after, page by page. The rules decide about each again, under its lock.</summary>
/// <remarks>A page begins after the last item of the page before, so that none is skipped while items leave the list.</remarks>
public sealed class MediaLifecycleQueries(NpgsqlDataSource database)
{
    /// <summary>Lists pending items in the order of their ids.</summary>
    /// <param name="after">The last item of the page before; <see langword="null"/> for the first page.</param>
    /// <param name="limit">The most items.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task<IReadOnlyList<MediaId>> ListPendingAsync(MediaId? after, int limit, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            "SELECT media_id FROM media WHERE status = 1 AND removed_at IS NULL AND media_id > $1 ORDER BY media_id LIMIT $2");
        command.Parameters.Add(new() { Value = after?.Value ?? Guid.Empty });
        command.Parameters.Add(new() { Value = limit });
        return await ReadIdsAsync(command, cancellationToken);
    }

    /// <summary>Lists items that wait for processing, and that nothing has changed for a while, in the order of their ids.</summary>
    /// <param name="after">The last item of the page before; <see langword="null"/> for the first page.</param>
    /// <param name="unchangedFor">The time since their last change.</param>
    /// <param name="limit">The most items.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task<IReadOnlyList<MediaId>> ListUnprocessedAsync(
        MediaId? after, TimeSpan unchangedFor, int limit, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            SELECT media_id FROM media
            WHERE status IN (2, 4) AND removed_at IS NULL AND updated_at <= now() - $2
                AND (attempt_until IS NULL OR attempt_until <= now()) AND media_id > $1
            ORDER BY media_id LIMIT $3
            """);
        command.Parameters.Add(new() { Value = after?.Value ?? Guid.Empty });
        command.Parameters.Add(new() { Value = unchangedFor });
        command.Parameters.Add(new() { Value = limit });
        return await ReadIdsAsync(command, cancellationToken);
    }

    /// <summary>Lists items whose end has come, those that ended first in front.</summary>
    /// <param name="after">The last item of the page before; <see langword="null"/> for the first page.</param>
    /// <param name="limit">The most items.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>No items while the database is restored and an operator has not confirmed it.</returns>
    public Task<IReadOnlyList<EndedMedia>> ListExpiredAsync(EndedMedia? after, int limit, CancellationToken cancellationToken) =>
        ListEndedAsync("expires_at", "removed_at IS NULL", TimeSpan.Zero, after, limit, cancellationToken);

    /// <summary>Lists items that have been in the trash for its retention, those that were removed first in front.</summary>
    /// <inheritdoc cref="ListExpiredAsync"/>
    public Task<IReadOnlyList<EndedMedia>> ListTrashAsync(
        TimeSpan retention, EndedMedia? after, int limit, CancellationToken cancellationToken) =>
        ListEndedAsync("removed_at", "true", retention, after, limit, cancellationToken);

    private static async Task<IReadOnlyList<MediaId>> ReadIdsAsync(NpgsqlCommand command, CancellationToken cancellationToken)
    {
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var ids = new List<MediaId>();
        while (await reader.ReadAsync(cancellationToken))
        {
            ids.Add(new(reader.GetGuid(0)));
        }

        return ids;
    }

    private async Task<IReadOnlyList<EndedMedia>> ListEndedAsync(
        string column, string condition, TimeSpan age, EndedMedia? after, int limit, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            $"""
            SELECT media_id, owner, {column} FROM media
            WHERE {column} <= now() - $1 AND {condition} AND ($2::timestamptz IS NULL OR {column} >= $2)
                AND ($2::timestamptz IS NULL OR ({column}, media_id) > ($2, $3)) AND {DatabaseRestores.NoneOpen}
            ORDER BY {column}, media_id LIMIT $4
            """);
        command.Parameters.Add(new() { Value = age });
        command.Parameters.Add(NullableParameter.Time(after?.At));
        command.Parameters.Add(new() { Value = after?.Id.Value ?? Guid.Empty });
        command.Parameters.Add(new() { Value = limit });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var items = new List<EndedMedia>();
        while (await reader.ReadAsync(cancellationToken))
        {
            items.Add(new(new(reader.GetGuid(0)), new(reader.GetString(1)), reader.GetFieldValue<DateTimeOffset>(2)));
        }

        return items;
    }
}

/// <summary>An item whose end has come.</summary>
/// <param name="Id">The item.</param>
/// <param name="Owner">Its owner.</param>
/// <param name="At">The time when it ended, or was removed.</param>
public sealed record EndedMedia(MediaId Id, MediaOwner Owner, DateTimeOffset At);
