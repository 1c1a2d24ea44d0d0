using Npgsql;

namespace MediaAspire.Core.Database;

/// <summary>Creates and replaces SQL functions, so that the database has those of this build.</summary>
/// <remarks>
/// The table <c>schema_functions</c> records every text that a function has had. A text that was replaced before comes from an older build,
/// and so does a set of functions without a recorded one: both are refused, as a missing migration is. An older build whose texts were
/// never applied to this database is recognised only by its missing migrations.
/// </remarks>
internal static class FunctionInstaller
{
    public const string CreateTable =
        """
        CREATE TABLE IF NOT EXISTS schema_functions (
            name         text NOT NULL,
            checksum     text NOT NULL,
            applied_at   timestamptz NOT NULL DEFAULT now(),
            -- NULL for the text that the database has now.
            replaced_at  timestamptz,
            PRIMARY KEY (name, checksum))
        """;

    /// <summary>Installs the functions that are new or changed, all in one transaction.</summary>
    /// <returns>The functions that were installed.</returns>
    /// <exception cref="InvalidOperationException">
    /// The functions belong to an older build than the database's, or a file does not create the function that it is named after.
    /// </exception>
    public static async Task<IReadOnlyList<DatabaseFunction>> InstallAsync(
        NpgsqlConnection connection, IReadOnlyList<DatabaseFunction> functions, CancellationToken cancellationToken)
    {
        var recorded = await ReadRecordedAsync(connection, cancellationToken);
        var pending = SelectPending(functions, recorded);
        if (pending.Count == 0)
        {
            return pending;
        }

        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);

        // Functions may call each other. Without this, those in the language SQL could not be created before the ones that they call.
        await ExecuteAsync(connection, "SET LOCAL check_function_bodies = off", cancellationToken);
        foreach (var function in pending)
        {
            await InstallAsync(connection, transaction, function, cancellationToken);
            await RecordAsync(connection, function, cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        return pending;
    }

    private static List<DatabaseFunction> SelectPending(
        IReadOnlyList<DatabaseFunction> functions, Dictionary<(string Name, string Checksum), bool> recorded)
    {
        if (recorded.Keys.FirstOrDefault(known => functions.All(function => function.Name != known.Name)) is { Name: { } unknown })
        {
            throw new InvalidOperationException(
                $"The database has the function {unknown}(), which this build does not know. "
                + "Run a build at least as new as the one that migrated it.");
        }

        var pending = new List<DatabaseFunction>();
        foreach (var function in functions)
        {
            if (!recorded.TryGetValue((function.Name, function.Checksum), out var isCurrent))
            {
                pending.Add(function);
            }
            else if (!isCurrent)
            {
                throw new InvalidOperationException(
                    $"A newer build has replaced this build's function {function.Name}() in the database. "
                    + "Run a build at least as new as the one that migrated it. "
                    + "To return to an earlier text of a function, change a comment in it.");
            }
        }

        return pending;
    }

    private static async Task<Dictionary<(string Name, string Checksum), bool>> ReadRecordedAsync(
        NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("SELECT name, checksum, replaced_at IS NULL FROM schema_functions", connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var recorded = new Dictionary<(string, string), bool>();
        while (await reader.ReadAsync(cancellationToken))
        {
            recorded.Add((reader.GetString(0), reader.GetString(1)), reader.GetBoolean(2));
        }

        return recorded;
    }

    /// <summary>Creates a function or replaces it, also when the parameters differ from those in the database.</summary>
    private static async Task InstallAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, DatabaseFunction function, CancellationToken cancellationToken)
    {
        const string savepoint = "install";

        var before = await FindAsync(connection, function.Name, cancellationToken);
        await transaction.SaveAsync(savepoint, cancellationToken);
        try
        {
            await ExecuteAsync(connection, function.Sql, cancellationToken);
        }
        catch (PostgresException refused) when (refused.SqlState == PostgresErrorCodes.InvalidFunctionDefinition && before.Count > 0)
        {
            // CREATE OR REPLACE changes neither the names of parameters nor the type of the result.
            await transaction.RollbackAsync(savepoint, cancellationToken);
            await DropAsync(connection, before, cancellationToken);
            await ExecuteAsync(connection, function.Sql, cancellationToken);
        }

        var after = await FindAsync(connection, function.Name, cancellationToken);
        if (after.Count == 0)
        {
            throw new InvalidOperationException(
                $"The file of the function {function.Name}() does not create it. Name the file after its function.");
        }

        // Parameters of other types make another function beside the old one, which must not be called any more.
        if (after.Any(found => !before.Contains(found)))
        {
            await DropAsync(connection, after.Intersect(before), cancellationToken);
        }
    }

    private static async Task<List<uint>> FindAsync(NpgsqlConnection connection, string name, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            "SELECT oid FROM pg_proc WHERE proname = $1 AND pronamespace = current_schema()::text::regnamespace", connection)
        {
            Parameters = { new() { Value = name } },
        };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var found = new List<uint>();
        while (await reader.ReadAsync(cancellationToken))
        {
            found.Add(reader.GetFieldValue<uint>(0));
        }

        return found;
    }

    private static async Task DropAsync(NpgsqlConnection connection, IEnumerable<uint> functions, CancellationToken cancellationToken)
    {
        foreach (var function in functions)
        {
            await using var command = new NpgsqlCommand($"SELECT {function}::regprocedure::text", connection);
            var signature = (string)(await command.ExecuteScalarAsync(cancellationToken))!;
            await ExecuteAsync(connection, $"DROP FUNCTION {signature}", cancellationToken);
        }
    }

    private static async Task RecordAsync(NpgsqlConnection connection, DatabaseFunction function, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new("UPDATE schema_functions SET replaced_at = now() WHERE name = $1 AND replaced_at IS NULL")
                {
                    Parameters = { new() { Value = function.Name } },
                },
                new("INSERT INTO schema_functions (name, checksum) VALUES ($1, $2)")
                {
                    Parameters = { new() { Value = function.Name }, new() { Value = function.Checksum } },
                },
            },
        };
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
