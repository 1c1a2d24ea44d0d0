using MediaAspire.Core.Ids;
using MediaAspire.Core.Media.Postgres;
using Npgsql;

namespace MediaAspire.Core.Media.Redis;

/// <summary>Reads all items of PostgreSQL page by page.</summary>
internal sealed class CatalogPages(NpgsqlDataSource database)
{
    /// <summary>Reads the items that follow an id, in the order of the ids.</summary>
    public async Task<List<MediaItem>> ReadAsync(MediaId? after, int limit, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            $"""
            SELECT {MediaRows.Columns} FROM {MediaRows.Source}
            WHERE m.media_id IN (SELECT k.media_id FROM media k WHERE k.media_id > $1 ORDER BY k.media_id LIMIT $2)
            ORDER BY m.media_id, p.part_number
            """);
        command.Parameters.Add(new() { Value = after?.Value ?? Guid.Empty });
        command.Parameters.Add(new() { Value = limit });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await MediaRows.ReadAsync(reader, cancellationToken);
    }

    /// <summary>Reads items by their ids. Those that do not exist are left out.</summary>
    public async Task<Dictionary<MediaId, MediaItem>> ReadAsync(IReadOnlyCollection<MediaId> ids, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            $"SELECT {MediaRows.Columns} FROM {MediaRows.Source} WHERE m.media_id = ANY ($1) ORDER BY m.media_id, p.part_number");
        command.Parameters.Add(new() { Value = ids.Select(id => id.Value).ToArray() });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return (await MediaRows.ReadAsync(reader, cancellationToken)).ToDictionary(item => item.Id);
    }
}
