using MediaAspire.AppHost.Data;
using MediaAspire.AppHost.Settings;

namespace MediaAspire.AppHost.Engines;

/// <summary>The database as each kind of process opens it: with a role of its own, and its share of the server's connections.</summary>
/// <param name="Owner">The database for its owner, who migrates.</param>
/// <param name="Application">The database for API and worker, which read and write rows.</param>
/// <param name="Nodes">The database for storage nodes, which see the tables of servers and ring.</param>
/// <param name="ApplicationPassword">The password of the role of API and worker.</param>
/// <param name="NodePassword">The password of the role of the nodes.</param>
/// <param name="Connections">The connections of each process.</param>
internal sealed record DatabaseAccess(
    IResourceBuilder<IResourceWithConnectionString> Owner,
    IResourceBuilder<IResourceWithConnectionString> Application,
    IResourceBuilder<IResourceWithConnectionString> Nodes,
    IResourceBuilder<ParameterResource> ApplicationPassword,
    IResourceBuilder<ParameterResource> NodePassword,
    DatabaseConnections Connections);

/// <summary>Adds the roles of the database, and passes them to the projects.</summary>
internal static class DatabaseAccessExtensions
{
    /// <summary>The name of the connection string in every process, whatever its role.</summary>
    private const string ConnectionName = "media";

    private const string ApplicationRole = "media_application";
    private const string NodeRole = "media_node";
    private const string Directory = "database";
    private const int PasswordLength = 32;

    /// <summary>Adds the connection strings of the roles that the migrations create.</summary>
    public static DatabaseAccess AddDatabaseAccess(
        this IDistributedApplicationBuilder builder,
        IResourceBuilder<IResourceWithConnectionString> media,
        AppHostOptions options,
        DataDirectory data)
    {
        var application = builder.AddPassword("application", data);
        var node = builder.AddPassword("node", data);
        return new DatabaseAccess(
            media,
            builder.AddRole("media-application", media.Resource, ApplicationRole, application),
            builder.AddRole("media-nodes", media.Resource, NodeRole, node),
            application,
            node,
            DatabaseConnections.Divide(options));
    }

    /// <summary>Opens the database as its owner, and passes the roles to create.</summary>
    public static IResourceBuilder<ProjectResource> WithDatabaseOwner(
        this IResourceBuilder<ProjectResource> migrations, DatabaseAccess database) => migrations
            .WithReference(database.Owner)
            .WithEnvironment("Migrations__ApplicationRole", ApplicationRole)
            .WithEnvironment("Migrations__ApplicationPassword", database.ApplicationPassword)
            .WithEnvironment("Migrations__NodeRole", NodeRole)
            .WithEnvironment("Migrations__NodePassword", database.NodePassword);

    /// <summary>Opens the database as an application.</summary>
    /// <param name="project">The project.</param>
    /// <param name="database">The database.</param>
    /// <param name="poolSize">The most connections of each of its processes.</param>
    public static IResourceBuilder<ProjectResource> WithDatabase(
        this IResourceBuilder<ProjectResource> project, DatabaseAccess database, int poolSize) =>
        project.WithReference(database.Application, ConnectionName).WithConnections(database.Connections, poolSize);

    /// <summary>Opens the database as a storage node.</summary>
    public static IResourceBuilder<ProjectResource> WithDatabaseOfNodes(
        this IResourceBuilder<ProjectResource> node, DatabaseAccess database) =>
        node.WithReference(database.Nodes, ConnectionName).WithConnections(database.Connections, DatabaseConnections.OfNode);

    private static IResourceBuilder<ProjectResource> WithConnections(
        this IResourceBuilder<ProjectResource> project, DatabaseConnections connections, int poolSize) => project
            .WithEnvironment("Database__PoolSize", Text(poolSize))
            .WithEnvironment("Database__TotalConnections", Text(connections.Total));

    private static IResourceBuilder<ParameterResource> AddPassword(
        this IDistributedApplicationBuilder builder, string role, DataDirectory data)
    {
        var name = $"postgres-{role}-password";
        if (builder.ExecutionContext.IsPublishMode)
        {
            return builder.AddParameter(
                name, new GenerateParameterDefault { MinLength = PasswordLength, Special = false }, secret: true);
        }

        var file = new SecretFile(Path.Combine(data.Path, Directory, $"{role}-password"), SecretFile.NewPassword);
        return builder.AddParameter(name, file.Get, secret: true);
    }

    private static IResourceBuilder<IResourceWithConnectionString> AddRole(
        this IDistributedApplicationBuilder builder,
        [ResourceName] string name,
        IResourceWithConnectionString media,
        string role,
        IResourceBuilder<ParameterResource> password)
    {
        var host = media.GetConnectionProperty("Host");
        var port = media.GetConnectionProperty("Port");
        var database = media.GetConnectionProperty("DatabaseName");
        return builder
            .AddConnectionString(
                name, ReferenceExpression.Create($"Host={host};Port={port};Username={role};Password={password};Database={database}"))
            .WithIconName("DatabasePerson")
            .WithConnectionProperty("Host", host)
            .WithConnectionProperty("Port", port)
            .WithConnectionProperty("Username", role)
            .WithConnectionProperty("Password", ReferenceExpression.Create($"{password}"))
            .WithConnectionProperty("Uri", ReferenceExpression.Create($"postgresql://{role}:{password:uri}@{host}:{port}/{database}"))
            .WithConnectionProperty("JdbcConnectionString", media.GetConnectionProperty("JdbcConnectionString"))
            .WithConnectionProperty("DatabaseName", database);
    }

    private static string Text(int number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
