using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Postgres;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting;

/// <summary>Adds PostgreSQL servers and databases to the application model.</summary>
public static class PostgresBuilderExtensions
{
    private const string InitArguments = "--auth-host=scram-sha-256 --auth-local=scram-sha-256";

    /// <summary>Adds a PostgreSQL server in a container.</summary>
    /// <param name="builder">The application builder.</param>
    /// <param name="name">The name of the resource, and of its connection string where it is referenced.</param>
    /// <param name="userName">The administrator's name; <see langword="null"/> means <c>postgres</c>.</param>
    /// <param name="password">The administrator's password; <see langword="null"/> generates one.</param>
    /// <param name="port">The host port; <see langword="null"/> means a random one.</param>
    /// <returns>The resource's builder.</returns>
    public static IResourceBuilder<PostgresServerResource> AddPostgres(
        this IDistributedApplicationBuilder builder,
        [ResourceName] string name,
        IResourceBuilder<ParameterResource>? userName = null,
        IResourceBuilder<ParameterResource>? password = null,
        int? port = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(name);

        var passwordParameter = password?.Resource
            ?? ParameterResourceBuilderExtensions.CreateDefaultPasswordParameter(builder, $"{name}-password");
        var server = new PostgresServerResource(name, userName?.Resource, passwordParameter);

        string? connectionString = null;
        builder.Eventing.Subscribe<ConnectionStringAvailableEvent>(server, async (_, cancellationToken) =>
        {
            connectionString = await RequireConnectionStringAsync(server, cancellationToken);
        });
        builder.Eventing.Subscribe<ResourceReadyEvent>(server, (ready, cancellationToken) => PostgresDatabaseCreation.CreateMissingAsync(
            connectionString ?? throw MissingConnectionString(server),
            server,
            builder.Resources.OfType<PostgresDatabaseResource>().Where(database => database.Parent == server),
            ready.Services,
            cancellationToken));

        var check = $"{name}_check";
        builder.Services.AddHealthChecks().Add(Check(
            check, () => connectionString is null ? null : PostgresDatabaseCreation.InMaintenanceDatabase(connectionString)));

        return builder.AddResource(server)
            .WithEndpoint(port: port, targetPort: 5432, name: PostgresServerResource.PrimaryEndpointName)
            .WithImage(PostgresContainerImageTags.Image, PostgresContainerImageTags.Tag)
            .WithImageRegistry(PostgresContainerImageTags.Registry)
            .WithIconName("DatabaseMultiple")
            .WithEnvironment("POSTGRES_HOST_AUTH_METHOD", "scram-sha-256")
            .WithEnvironment("POSTGRES_INITDB_ARGS", InitArguments)
            .WithEnvironment(context =>
            {
                context.EnvironmentVariables["POSTGRES_USER"] = server.UserNameReference;
                context.EnvironmentVariables["POSTGRES_PASSWORD"] = server.PasswordParameter;
            })
            .WithHealthCheck(check);
    }

    /// <summary>Adds a database, which is created when the server is ready.</summary>
    /// <param name="builder">The server's builder.</param>
    /// <param name="name">The name of the resource, and of its connection string where it is referenced.</param>
    /// <param name="databaseName">The name that the server knows it by; <see langword="null"/> means <paramref name="name"/>.</param>
    /// <returns>The resource's builder.</returns>
    public static IResourceBuilder<PostgresDatabaseResource> AddDatabase(
        this IResourceBuilder<PostgresServerResource> builder, [ResourceName] string name, string? databaseName = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(name);

        var database = new PostgresDatabaseResource(name, databaseName ?? name, builder.Resource);
        builder.Resource.AddDatabase(database.Name, database.DatabaseName);

        var application = builder.ApplicationBuilder;
        string? connectionString = null;
        application.Eventing.Subscribe<ConnectionStringAvailableEvent>(database, async (_, cancellationToken) =>
        {
            connectionString = await RequireConnectionStringAsync(database, cancellationToken);
        });

        var check = $"{name}_check";
        application.Services.AddHealthChecks().Add(Check(check, () => connectionString));

        return application.AddResource(database)
            .WithIconName("Database")
            .WithHealthCheck(check);
    }

    /// <summary>Keeps the server's data in a named volume.</summary>
    /// <param name="builder">The server's builder.</param>
    /// <param name="name">The volume's name; <see langword="null"/> makes one of the application's and the resource's name.</param>
    /// <param name="isReadOnly">Whether the container may not write.</param>
    /// <returns>The same builder.</returns>
    /// <remarks>The directory depends on the major version of the image's tag, so set another tag before.</remarks>
    public static IResourceBuilder<PostgresServerResource> WithDataVolume(
        this IResourceBuilder<PostgresServerResource> builder, string? name = null, bool isReadOnly = false)
    {
        ArgumentNullException.ThrowIfNull(builder);

        return builder.WithVolume(name ?? VolumeNameGenerator.Generate(builder, "data"), DataDirectory(builder.Resource), isReadOnly);
    }

    /// <summary>Keeps the server's data in a directory of the host.</summary>
    /// <param name="builder">The server's builder.</param>
    /// <param name="source">The directory, relative to the AppHost.</param>
    /// <param name="isReadOnly">Whether the container may not write.</param>
    /// <returns>The same builder.</returns>
    public static IResourceBuilder<PostgresServerResource> WithDataBindMount(
        this IResourceBuilder<PostgresServerResource> builder, string source, bool isReadOnly = false)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(source);

        return builder.WithBindMount(source, DataDirectory(builder.Resource), isReadOnly);
    }

    /// <summary>Publishes the server on a fixed port of the host.</summary>
    /// <param name="builder">The server's builder.</param>
    /// <param name="port">The host port; <see langword="null"/> means a random one.</param>
    /// <returns>The same builder.</returns>
    public static IResourceBuilder<PostgresServerResource> WithHostPort(this IResourceBuilder<PostgresServerResource> builder, int? port)
    {
        ArgumentNullException.ThrowIfNull(builder);

        return builder.WithEndpoint(PostgresServerResource.PrimaryEndpointName, endpoint => endpoint.Port = port);
    }

    /// <summary>Since version 18 the image keeps its data one directory higher (docker-library/postgres pull request 1259).</summary>
    private static string DataDirectory(PostgresServerResource server)
    {
        var tag = server.Annotations.OfType<ContainerImageAnnotation>().LastOrDefault()?.Tag ?? PostgresContainerImageTags.Tag;

        // Tags look like 18.3, 17, 18.1-alpine or latest.
        var major = tag.Split('-', '.')[0];
        return int.TryParse(major, out var version) && version >= 18 ? "/var/lib/postgresql" : "/var/lib/postgresql/data";
    }

    private static HealthCheckRegistration Check(string name, Func<string?> connectionString) =>
        new(name, _ => new PostgresHealthCheck(connectionString), failureStatus: default, tags: default);

    private static async Task<string> RequireConnectionStringAsync(
        IResourceWithConnectionString resource, CancellationToken cancellationToken) =>
        await resource.GetConnectionStringAsync(cancellationToken) ?? throw MissingConnectionString(resource);

    private static DistributedApplicationException MissingConnectionString(IResource resource) =>
        new($"The connection string of the '{resource.Name}' resource is not available.");
}
