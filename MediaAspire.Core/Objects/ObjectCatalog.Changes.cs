using MediaAspire.Core.Ids;
using Npgsql;
using NpgsqlTypes;

namespace MediaAspire.Core.Objects;

/// <content>Changes to an existing version. Its bytes, entity tag and time stay.</content>
public sealed partial class ObjectCatalog
{
    /// <summary>Sets a version's access control list.</summary>
    /// <param name="version">The version.</param>
    /// <param name="acl">The list as its feature writes it; <see langword="null"/> for private.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns><see langword="true"/> when the version exists and is not a delete marker.</returns>
    public Task<bool> SetAclAsync(VersionId version, string? acl, CancellationToken cancellationToken) =>
        ChangeAsync("acl", version, new() { Value = (object?)acl ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Json }, cancellationToken);

    /// <summary>Replaces the tags of a version.</summary>
    /// <returns><see langword="true"/> when the version exists and is not a delete marker.</returns>
    public Task<bool> SetTagsAsync(VersionId version, IReadOnlyDictionary<string, string> tags, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(tags);

        return ChangeAsync("tags", version, ObjectRows.Map(tags, NpgsqlDbType.Jsonb), cancellationToken);
    }

    private async Task<bool> ChangeAsync(string column, VersionId version, NpgsqlParameter value, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            $"UPDATE objects SET {column} = $2 WHERE version_id = $1 AND NOT is_delete_marker");
        command.Parameters.Add(new() { Value = version.Value });
        command.Parameters.Add(value);
        return await command.ExecuteNonQueryAsync(cancellationToken) == 1;
    }
}
