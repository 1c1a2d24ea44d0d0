using System.Data.Common;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>A database of a PostgreSQL server.</summary>
public class PostgresDatabaseResource : Resource, IResourceWithParent<PostgresServerResource>, IResourceWithConnectionString
{
    /// <summary>Creates a database.</summary>
    /// <param name="name">The name of the resource.</param>
    /// <param name="databaseName">The name that the server knows it by.</param>
    /// <param name="postgresParentResource">The server.</param>
    public PostgresDatabaseResource(string name, string databaseName, PostgresServerResource postgresParentResource)
        : base(name)
    {
        ArgumentException.ThrowIfNullOrEmpty(databaseName);
        ArgumentNullException.ThrowIfNull(postgresParentResource);

        DatabaseName = databaseName;
        Parent = postgresParentResource;
    }

    /// <summary>Gets the server.</summary>
    public PostgresServerResource Parent { get; }

    /// <summary>Gets the name that the server knows the database by.</summary>
    public string DatabaseName { get; }

    /// <summary>Gets the server's connection string with the database's name added.</summary>
    public ReferenceExpression ConnectionStringExpression
    {
        get
        {
            // The builder quotes names that would end the value early.
            var database = new DbConnectionStringBuilder { ["Database"] = DatabaseName }.ToString();
            return ReferenceExpression.Create($"{Parent};{database}");
        }
    }

    /// <summary>Gets <c>postgresql://user:password@host:port/database</c>.</summary>
    public ReferenceExpression UriExpression => Parent.BuildUri(DatabaseName);

    /// <summary>Gets <c>jdbc:postgresql://host:port/database</c>, which holds no credentials.</summary>
    public ReferenceExpression JdbcConnectionString => Parent.BuildJdbcConnectionString(DatabaseName);

    IEnumerable<KeyValuePair<string, ReferenceExpression>> IResourceWithConnectionString.GetConnectionProperties() =>
        Parent.CombineProperties(
        [
            new("DatabaseName", ReferenceExpression.Create($"{DatabaseName}")),
            new("Uri", UriExpression),
            new("JdbcConnectionString", JdbcConnectionString),
        ]);
}
