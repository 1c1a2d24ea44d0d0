using MediaAspire.Core.Ids;
using Npgsql;

namespace MediaAspire.Core.Owners;

/// <summary>The owners that PostgreSQL knows.</summary>
/// <remarks>Thread-safe. Every method is one round trip and one transaction.</remarks>
public sealed class OwnerStore(NpgsqlDataSource database)
{
    private const string Columns = "owner_id, display_name, created_at";

    /// <summary>Creates an owner.</summary>
    /// <returns><see langword="null"/> when an owner of that id exists already.</returns>
    public async Task<Owner?> CreateAsync(OwnerId id, string displayName, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            $"INSERT INTO owners (owner_id, display_name) VALUES ($1, $2) ON CONFLICT (owner_id) DO NOTHING RETURNING {Columns}");
        command.Parameters.Add(new() { Value = id.Value });
        command.Parameters.Add(new() { Value = Checked(displayName) });
        return await ReadOneAsync(command, cancellationToken);
    }

    /// <summary>Creates an owner unless it exists; an existing one keeps its name.</summary>
    public async Task EnsureAsync(OwnerId id, string displayName, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            "INSERT INTO owners (owner_id, display_name) VALUES ($1, $2) ON CONFLICT (owner_id) DO NOTHING");
        command.Parameters.Add(new() { Value = id.Value });
        command.Parameters.Add(new() { Value = Checked(displayName) });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Finds an owner.</summary>
    /// <returns><see langword="null"/> when it does not exist.</returns>
    public async Task<Owner?> FindAsync(OwnerId id, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand($"SELECT {Columns} FROM owners WHERE owner_id = $1");
        command.Parameters.Add(new() { Value = id.Value });
        return await ReadOneAsync(command, cancellationToken);
    }

    /// <summary>Lists owners in the order of their ids.</summary>
    /// <param name="after">Only owners with greater ids; empty for the first page.</param>
    /// <param name="limit">Most owners returned.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task<IReadOnlyList<Owner>> ListAsync(string after, int limit, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            $"SELECT {Columns} FROM owners WHERE owner_id > $1 ORDER BY owner_id LIMIT $2");
        command.Parameters.Add(new() { Value = after });
        command.Parameters.Add(new() { Value = limit });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var owners = new List<Owner>();
        while (await reader.ReadAsync(cancellationToken))
        {
            owners.Add(Read(reader));
        }

        return owners;
    }

    private static string Checked(string displayName) => OwnerName.IsValid(displayName)
        ? displayName
        : throw new ArgumentException($"An owner's name has {OwnerName.Rule}.", nameof(displayName));

    private static async Task<Owner?> ReadOneAsync(NpgsqlCommand command, CancellationToken cancellationToken)
    {
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? Read(reader) : null;
    }

    private static Owner Read(NpgsqlDataReader reader) =>
        new(new OwnerId(reader.GetString(0)), reader.GetString(1), reader.GetFieldValue<DateTimeOffset>(2));
}
