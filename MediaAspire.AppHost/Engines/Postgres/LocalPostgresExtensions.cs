using System.Runtime.Versioning;
using MediaAspire.AppHost.Data;
using MediaAspire.AppHost.Engines.Processes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace MediaAspire.AppHost.Engines.Postgres;

/// <summary>Adds a PostgreSQL server as a process.</summary>
[UnsupportedOSPlatform("windows")]
internal static partial class LocalPostgresExtensions
{
    /// <summary>Adds the server with a private data directory and a free port, without a proxy.</summary>
    /// <remarks>The data directory is created at the first start and kept; <c>fsync</c> stays on.</remarks>
    public static IResourceBuilder<LocalPostgresResource> AddLocalPostgres(
        this IDistributedApplicationBuilder builder,
        [ResourceName] string name,
        EnginePrograms programs,
        EngineDirectory directory,
        int maxConnections)
    {
        var cluster = new PostgresCluster(directory, programs.PostgresDirectories);
        var secret = new SecretFile($"{directory.Path}.password", SecretFile.NewPassword);
        var password = builder.AddParameter($"{name}-password", secret.Get, secret: true);
        var command = cluster.ServerCommand(maxConnections);
        var port = LoopbackPorts.Next();

        var resource = new LocalPostgresResource(name, command[0], "/", password.Resource);
        var server = builder.AddResource(resource)
            .WithIconName("DatabaseMultiple")
            .WithEndpoint(port: port, targetPort: port, name: LocalPostgresResource.PrimaryEndpointName, isProxied: false)
            .WithEndpoint(LocalPostgresResource.PrimaryEndpointName, endpoint => endpoint.TargetHost = "127.0.0.1")
            .WithArgs([.. command.Skip(1)])
            .WithArgs(context =>
            {
                context.Args.Add("-c");
                context.Args.Add(ReferenceExpression.Create($"port={resource.PrimaryEndpoint.Property(EndpointProperty.TargetPort)}"));
            })
            .RefuseDataWithoutPassword(secret, cluster)
            .OnBeforeResourceStarted((_, started, cancellationToken) =>
            {
                var logger = started.Services.GetRequiredService<ResourceLoggerService>().GetLogger(resource);
                return cluster.PrepareAsync(secret.Get(), logger, cancellationToken);
            })
            .OnResourceReady((_, ready, cancellationToken) => CreateDatabasesAsync(resource, ready.Services, cancellationToken))
            .OnResourceStopped((_, stopped, _) => PublishDatabaseStateAsync(
                resource, stopped.Services, stopped.ResourceEvent.Snapshot.State ?? KnownResourceStates.Exited));

        return server.WithPostgresHealthCheck(name, resource, database: "postgres");
    }

    /// <summary>Adds a database, which is created when the server is ready.</summary>
    public static IResourceBuilder<LocalPostgresDatabaseResource> AddDatabase(
        this IResourceBuilder<LocalPostgresResource> server,
        [ResourceName] string name,
        string? databaseName = null)
    {
        var database = new LocalPostgresDatabaseResource(name, databaseName ?? name, server.Resource);
        server.Resource.AddDatabase(database.Name, database.DatabaseName);
        return server.ApplicationBuilder.AddResource(database)
            .WithIconName("Database")
            .WithInitialState(new CustomResourceSnapshot
            {
                ResourceType = "PostgresDatabase",
                Properties = [],
                State = KnownResourceStates.NotStarted,
            })
            .WithPostgresHealthCheck(name, database, database: null);
    }

    private static IResourceBuilder<LocalPostgresResource> RefuseDataWithoutPassword(
        this IResourceBuilder<LocalPostgresResource> server,
        SecretFile secret,
        PostgresCluster cluster)
    {
        server.ApplicationBuilder.OnBeforeStart((_, _) =>
        {
            // A new password would not open the old data, so fail before creating one.
            return cluster.Exists && !File.Exists(secret.Path)
                ? throw new DistributedApplicationException(
                    $"'{cluster.Path}' holds data, but its password file '{secret.Path}' is missing. "
                    + "Restore the file, or delete the data with --fresh.")
                : Task.CompletedTask;
        });
        return server;
    }

    private static IResourceBuilder<T> WithPostgresHealthCheck<T>(
        this IResourceBuilder<T> builder,
        string name,
        IResourceWithConnectionString resource,
        string? database)
        where T : IResource
    {
        var key = $"{name}_check";
        builder.ApplicationBuilder.Services.AddHealthChecks()
            .Add(new HealthCheckRegistration(key, new PostgresHealthCheck(resource, database), failureStatus: null, tags: null));
        return builder.WithHealthCheck(key);
    }

    private static async Task CreateDatabasesAsync(
        LocalPostgresResource server, IServiceProvider services, CancellationToken cancellationToken)
    {
        var connectionString = await ((IResourceWithConnectionString)server).GetConnectionStringAsync(cancellationToken);
        await using var connection = new NpgsqlConnection($"{connectionString};Database=postgres;Pooling=false");
        await connection.OpenAsync(cancellationToken);
        var logger = services.GetRequiredService<ResourceLoggerService>().GetLogger(server);
        foreach (var name in server.Databases.Values)
        {
            await using var question = new NpgsqlCommand("SELECT count(*) FROM pg_database WHERE datname = $1", connection)
            {
                Parameters = { new NpgsqlParameter { Value = name } },
            };
            if (await question.ExecuteScalarAsync(cancellationToken) is 0L)
            {
                // Names cannot be parameters of CREATE DATABASE.
                var quoted = name.Replace("\"", "\"\"", StringComparison.Ordinal);
                await using var command = new NpgsqlCommand($"CREATE DATABASE \"{quoted}\"", connection);
                await command.ExecuteNonQueryAsync(cancellationToken);
                LogCreated(logger, name);
            }
        }

        await PublishDatabaseStateAsync(server, services, KnownResourceStates.Running);
    }

    // Aspire copies the state of a parent to its children only for containers.
    private static async Task PublishDatabaseStateAsync(
        LocalPostgresResource server, IServiceProvider services, ResourceStateSnapshot? state)
    {
        var notifications = services.GetRequiredService<ResourceNotificationService>();
        var model = services.GetRequiredService<DistributedApplicationModel>();
        foreach (var database in model.Resources.OfType<LocalPostgresDatabaseResource>().Where(database => database.Parent == server))
        {
            await notifications.PublishUpdateAsync(database, snapshot => snapshot with { State = state });
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Created the database {Database}.")]
    private static partial void LogCreated(ILogger logger, string database);
}
