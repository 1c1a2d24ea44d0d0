namespace MediaAspire.AppHost.Engines.Postgres;

/// <summary>A database of a PostgreSQL server that runs as a process of this machine.</summary>
/// <param name="name">Resource name.</param>
/// <param name="databaseName">Name of the database in the server.</param>
/// <param name="server">The server.</param>
public sealed class LocalPostgresDatabaseResource(string name, string databaseName, LocalPostgresResource server)
    : Resource(name), IResourceWithParent<LocalPostgresResource>, IResourceWithConnectionString
{
    /// <inheritdoc />
    public LocalPostgresResource Parent { get; } = server;

    /// <summary>Name of the database in the server.</summary>
    public string DatabaseName { get; } = databaseName;

    /// <inheritdoc />
    public ReferenceExpression ConnectionStringExpression => ReferenceExpression.Create($"{Parent};Database={DatabaseName}");

    IEnumerable<KeyValuePair<string, ReferenceExpression>> IResourceWithConnectionString.GetConnectionProperties() =>
        Parent.CombineProperties(
        [
            new("DatabaseName", ReferenceExpression.Create($"{DatabaseName}")),
            new("Uri", Parent.Uri(DatabaseName)),
            new("JdbcConnectionString", Parent.JdbcConnectionString(DatabaseName)),
        ]);
}
