using Npgsql;
using NpgsqlTypes;

namespace MediaAspire.Core.Database;

/// <summary>Creates the restricted roles, and grants each what its processes need. Repeating it changes nothing.</summary>
/// <remarks>
/// Rights that a role had before and does not need are taken from it. The tables of migrations and functions are the owner's alone. All in
/// one transaction, so a running process never misses a right that it keeps.
/// </remarks>
internal sealed class RoleInstaller
{
    // Events are only added, and keep_audit() removes old ones with the rights of the owner. Its partitions are reached by their table.
    private const string RowsTables =
        "c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relname NOT IN ('schema_migrations', 'schema_functions', 'audit_events')";

    // What NodeRegistry uses. A node neither renames another server's id nor changes the time of its registration.
    private const string NodeColumns =
        "name, grpc_address, status, available_space, used_space, chunk_count, trash_space, heartbeat_count, last_heartbeat";

    private static readonly string[] s_nodeFunctions = ["detect_restore", "knows_any_chunk", "restore_is_open", "serving_since"];

    private readonly NpgsqlConnection _connection;
    private readonly string _schema;
    private readonly string _database;

    private RoleInstaller(NpgsqlConnection connection, string schema, string database)
    {
        _connection = connection;
        _schema = schema;
        _database = database;
    }

    /// <summary>Creates the roles that do not exist and have a password, sets passwords, and grants rights.</summary>
    /// <returns>
    /// Statements that an administrator has to run, because the database belongs to another role; empty when it does not.
    /// </returns>
    /// <exception cref="InvalidOperationException">A role cannot be a restricted one; the message says why and what to do.</exception>
    public static async Task<IReadOnlyList<string>> InstallAsync(
        NpgsqlConnection connection, DatabaseRoles roles, CancellationToken cancellationToken)
    {
        if (roles is { Application: null, Node: null })
        {
            return [];
        }

        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var names = new NpgsqlCommand("SELECT quote_ident(current_schema()), quote_ident(current_database())", connection);
        string schema, database;
        await using (var reader = await names.ExecuteReaderAsync(cancellationToken))
        {
            await reader.ReadAsync(cancellationToken);
            (schema, database) = (reader.GetString(0), reader.GetString(1));
        }

        var installer = new RoleInstaller(connection, schema, database);
        var left = await installer.RunAsync(roles, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return left;
    }

    private async Task<IReadOnlyList<string>> RunAsync(DatabaseRoles roles, CancellationToken cancellationToken)
    {
        foreach (var role in new[] { roles.Application, roles.Node }.OfType<DatabaseRole>())
        {
            await EnsureAsync(role, cancellationToken);
        }

        await ExecuteAsync($"REVOKE ALL ON FUNCTION {await FunctionsAsync(null, cancellationToken)} FROM PUBLIC", cancellationToken);
        if (roles.Application is { } application)
        {
            await GrantToApplicationAsync(Quote(application.Name), cancellationToken);
        }

        if (roles.Node is { } node)
        {
            await GrantToNodeAsync(Quote(node.Name), cancellationToken);
        }

        return await RestrictDatabaseAsync(roles, cancellationToken);
    }

    private async Task EnsureAsync(DatabaseRole role, CancellationToken cancellationToken)
    {
        await using var question = new NpgsqlCommand(
            """
            SELECT rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication OR rolbypassrls, rolname = current_user,
                EXISTS (SELECT FROM pg_auth_members m WHERE m.member = r.oid)
            FROM pg_roles r WHERE rolname = $1
            """,
            _connection)
        {
            Parameters = { new() { Value = role.Name } },
        };
        var exists = false;
        await using (var reader = await question.ExecuteReaderAsync(cancellationToken))
        {
            if (await reader.ReadAsync(cancellationToken))
            {
                exists = true;
                Refuse(role.Name, isPowerful: reader.GetBoolean(0), isOwner: reader.GetBoolean(1), isMember: reader.GetBoolean(2));
            }
        }

        if (role.Password is { } password)
        {
            await ExecuteAsync(
                $"{(exists ? "ALTER" : "CREATE")} ROLE {Quote(role.Name)} LOGIN PASSWORD '{ScramVerifier.Of(password)}'",
                cancellationToken);
        }
        else if (!exists)
        {
            throw new InvalidOperationException(
                $"The database role '{role.Name}' does not exist. Set its password in Migrations, so that it is created, or create it.");
        }
    }

    private static void Refuse(string role, bool isPowerful, bool isOwner, bool isMember)
    {
        if (isOwner)
        {
            throw new InvalidOperationException(
                $"The database role '{role}' is the role that migrates, so it cannot be a restricted one. Choose another name.");
        }

        if (isPowerful || isMember)
        {
            throw new InvalidOperationException(
                $"The database role '{role}' may do more than a restricted role: it is a superuser, may create roles or databases, "
                + "replicates, bypasses row security, or is a member of another role. Take that from it, or choose another name.");
        }
    }

    private async Task GrantToApplicationAsync(string role, CancellationToken cancellationToken)
    {
        var tables = await TablesAsync(RowsTables, cancellationToken);
        var sequences = await TablesAsync("c.relkind = 'S'", cancellationToken);
        await ExecuteAsync(
            $"""
            REVOKE ALL ON SCHEMA {_schema} FROM {role};
            GRANT USAGE ON SCHEMA {_schema} TO {role};
            REVOKE ALL ON ALL TABLES IN SCHEMA {_schema} FROM {role};
            GRANT SELECT, INSERT, UPDATE, DELETE ON {tables} TO {role};
            GRANT SELECT ON schema_migrations, schema_functions TO {role};
            GRANT SELECT, INSERT ON audit_events TO {role};
            {(sequences is null ? "" : $"GRANT USAGE, SELECT ON SEQUENCE {sequences} TO {role};")}
            GRANT EXECUTE ON FUNCTION {await FunctionsAsync(null, cancellationToken)} TO {role};
            ALTER DEFAULT PRIVILEGES IN SCHEMA {_schema} GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {role};
            ALTER DEFAULT PRIVILEGES IN SCHEMA {_schema} GRANT USAGE, SELECT ON SEQUENCES TO {role};
            ALTER DEFAULT PRIVILEGES IN SCHEMA {_schema} GRANT EXECUTE ON FUNCTIONS TO {role}
            """,
            cancellationToken);
    }

    private async Task GrantToNodeAsync(string role, CancellationToken cancellationToken) => await ExecuteAsync(
        $"""
        REVOKE ALL ON SCHEMA {_schema} FROM {role};
        GRANT USAGE ON SCHEMA {_schema} TO {role};
        REVOKE ALL ON ALL TABLES IN SCHEMA {_schema} FROM {role};
        REVOKE ALL ON FUNCTION {await FunctionsAsync(null, cancellationToken)} FROM {role};
        GRANT SELECT ON cluster, storage_servers, hash_ring_nodes, detected_restores TO {role};
        GRANT INSERT ON detected_restores TO {role};
        GRANT INSERT, UPDATE ({NodeColumns}) ON storage_servers TO {role};
        GRANT INSERT, DELETE, UPDATE (hash_value) ON hash_ring_nodes TO {role};
        GRANT EXECUTE ON FUNCTION {await FunctionsAsync(s_nodeFunctions, cancellationToken)} TO {role}
        """,
        cancellationToken);

    /// <summary>Takes from every other role the rights that PostgreSQL gives to all by default.</summary>
    private async Task<IReadOnlyList<string>> RestrictDatabaseAsync(DatabaseRoles roles, CancellationToken cancellationToken)
    {
        var names = string.Join(", ", new[] { roles.Application, roles.Node }.OfType<DatabaseRole>().Select(role => Quote(role.Name)));
        string[] statements =
        [
            $"REVOKE ALL ON DATABASE {_database} FROM PUBLIC",
            $"GRANT CONNECT ON DATABASE {_database} TO {names}",
            $"REVOKE CREATE ON SCHEMA {_schema} FROM PUBLIC",
        ];
        await using var question = new NpgsqlCommand(
            "SELECT pg_has_role(datdba, 'USAGE') FROM pg_database WHERE datname = current_database()", _connection);
        if (await question.ExecuteScalarAsync(cancellationToken) is not true)
        {
            return statements;
        }

        await ExecuteAsync(string.Join(';', statements), cancellationToken);
        return [];
    }

    /// <summary>Lists tables or sequences of the schema that do not belong to an extension.</summary>
    private Task<string?> TablesAsync(string condition, CancellationToken cancellationToken) => ListAsync(
        $"""
        SELECT string_agg(c.oid::regclass::text, ', ') FROM pg_class c
        WHERE c.relnamespace = current_schema()::text::regnamespace AND {condition}
        AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.classid = 'pg_class'::regclass AND d.deptype = 'e')
        """,
        null,
        cancellationToken);

    /// <summary>Lists the signatures of our functions, or of those with the given names.</summary>
    private async Task<string> FunctionsAsync(string[]? names, CancellationToken cancellationToken) => await ListAsync(
        """
        SELECT string_agg(p.oid::regprocedure::text, ', ') FROM pg_proc p
        WHERE p.pronamespace = current_schema()::text::regnamespace AND ($1 IS NULL OR p.proname = ANY ($1))
        AND EXISTS (SELECT FROM schema_functions f WHERE f.name = p.proname AND f.replaced_at IS NULL)
        """,
        names ?? (object)DBNull.Value,
        cancellationToken)
        ?? throw new InvalidOperationException("The database does not have the functions of this build.");

    private async Task<string?> ListAsync(string sql, object? parameter, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, _connection);
        if (parameter is not null)
        {
            command.Parameters.Add(new() { Value = parameter, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text });
        }

        return await command.ExecuteScalarAsync(cancellationToken) as string;
    }

    private async Task ExecuteAsync(string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, _connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static string Quote(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
