using System.Globalization;
using Npgsql;

namespace MediaAspire.Core.Database;

/// <summary>The settings of PostgreSQL on which durability and concurrency depend, as a session of this process has them.</summary>
internal sealed class PostgresSettings
{
    /// <summary>
    /// The most locks that a transaction takes. The server's table has room for <c>max_locks_per_transaction</c> of each connection, so it
    /// never overflows when that is as large.
    /// </summary>
    public const int LocksOfTransaction = 64;

    private readonly IReadOnlyDictionary<string, string> _values;

    internal PostgresSettings(IReadOnlyDictionary<string, string> values) => _values = values;

    /// <summary>Gets the number of connections that the server leaves to roles without privileges.</summary>
    public int AvailableConnections =>
        Number("max_connections") - Number("superuser_reserved_connections") - Number("reserved_connections");

    /// <summary>Reads the settings.</summary>
    /// <exception cref="NpgsqlException">The server does not answer, or refuses.</exception>
    public static async Task<PostgresSettings> ReadAsync(NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            SELECT name, setting FROM pg_settings WHERE name IN ('fsync', 'full_page_writes', 'synchronous_commit', 'max_connections',
                'superuser_reserved_connections', 'reserved_connections', 'max_locks_per_transaction')
            """);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var values = new Dictionary<string, string>();
        while (await reader.ReadAsync(cancellationToken))
        {
            values.Add(reader.GetString(0), reader.GetString(1));
        }

        return new PostgresSettings(values);
    }

    /// <summary>Finds the settings that lose data, or that fail requests under load.</summary>
    /// <param name="ownConnections">The most connections of this process.</param>
    /// <param name="totalConnections">The most connections of all processes; 0 when unknown.</param>
    /// <returns>One sentence or two for each, with the value and the remedy.</returns>
    public IReadOnlyList<string> FindProblems(int ownConnections, int totalConnections)
    {
        var problems = new List<string>();
        AddIfOff("fsync", "A crash of its machine can destroy the database.");
        AddIfOff("full_page_writes", "A crash of its machine can leave half-written pages, which destroy the database.");
        AddIfOff("synchronous_commit", "A crash loses acknowledged files.");

        if (Math.Max(ownConnections, totalConnections) is var wanted && wanted > AvailableConnections)
        {
            problems.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"The processes may open {wanted} connections to PostgreSQL together, and it leaves them {AvailableConnections} of its "
                + $"max_connections = {Number("max_connections")}: requests would fail under load. Raise max_connections, or lower "
                + $"Database:PoolSize and Database:TotalConnections."));
        }

        if (Number("max_locks_per_transaction") is var locks && locks < LocksOfTransaction)
        {
            problems.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"PostgreSQL's max_locks_per_transaction is {locks}: deletions of many objects at once would fail. Set it to "
                + $"{LocksOfTransaction} or more, and restart PostgreSQL."));
        }

        return problems;

        void AddIfOff(string name, string consequence)
        {
            if (_values[name] == "off")
            {
                problems.Add($"PostgreSQL's {name} is off. {consequence} Set {name} = on, and reload its configuration.");
            }
        }
    }

    // Servers before version 16 do not have all of them.
    private int Number(string name) => _values.TryGetValue(name, out var value) ? int.Parse(value, CultureInfo.InvariantCulture) : 0;
}
