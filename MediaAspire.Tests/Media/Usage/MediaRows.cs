using Npgsql;

namespace MediaAspire.Tests.Media.Usage;

/// <summary>Rows of the table <c>media</c>, changed at random by SQL.</summary>
internal sealed class MediaRows(NpgsqlDataSource database, Random random)
{
    private static readonly string[] s_owners = ["alice", "bob", "Ünïcode ☃"];
    private static readonly string[] s_kinds = ["simple", "image", "video"];

    private readonly List<Guid> _own = [];

    /// <summary>Makes up to four changes in one transaction, which is rolled back now and then.</summary>
    public async Task ChangeAsync()
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var added = new List<Guid>();
        var removed = new List<Guid>();
        for (var i = random.Next(1, 5); i > 0; i--)
        {
            var known = _own.Concat(added).Except(removed).ToArray();
            var id = known.Length > 0 ? known[random.Next(known.Length)] : Guid.Empty;
            switch (known.Length == 0 ? 0 : random.Next(9))
            {
                case 0 or 1:
                    id = Guid.CreateVersion7();
                    added.Add(id);
                    await InsertAsync(connection, id, Owner, Kind, random.Next(1, 6), random.Next(1000));
                    break;
                case 2:
                    removed.Add(id);
                    await ExecuteAsync(connection, "DELETE FROM media WHERE media_id = $1", id);
                    break;
                default:
                    await ExecuteAsync(connection, $"UPDATE media SET {Assignment()} WHERE media_id = $1", id);
                    break;
            }
        }

        if (random.Next(5) > 0)
        {
            await transaction.CommitAsync();
            _own.AddRange(added);
            _own.RemoveAll(removed.Contains);
        }
    }

    public static Task InsertAsync(NpgsqlConnection connection, Guid id, string owner, string kind, int status, long size) => ExecuteAsync(
        connection,
        """
        INSERT INTO media (media_id, owner, kind, status, name, normal_name, size, part_count)
        VALUES ($1, $2, $3, $4::smallint, 'n', 'n', $5, 1)
        """,
        id, owner, kind, status, size);

    private string Owner => s_owners[random.Next(s_owners.Length)];

    private string Kind => s_kinds[random.Next(s_kinds.Length)];

    private string Assignment() => random.Next(8) switch
    {
        0 => "is_public = NOT is_public",
        1 => $"status = {random.Next(1, 6)}",
        2 => $"kind = '{Kind}'",
        3 => $"size = {random.Next(1000)}",
        4 => $"owner = '{Owner}', is_public = true",
        5 => "removed_at = now()",
        6 => "removed_at = NULL",
        _ => "name = name || 'x', tags = tags || '{a}'::text[]",
    };

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, params object[] values)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values)
        {
            command.Parameters.Add(new() { Value = value });
        }

        await command.ExecuteNonQueryAsync();
    }
}
