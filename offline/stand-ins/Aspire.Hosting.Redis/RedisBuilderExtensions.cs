using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Redis;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting;

/// <summary>Adds Redis servers to the application model.</summary>
public static class RedisBuilderExtensions
{
    private const string DataDirectory = "/data";
    private const string PasswordVariable = "REDIS_PASSWORD";

    /// <summary>Adds a Redis server in a container, with a generated password.</summary>
    /// <param name="builder">The application builder.</param>
    /// <param name="name">The name of the resource, and of its connection string where it is referenced.</param>
    /// <param name="port">The host port; <see langword="null"/> means a random one.</param>
    /// <returns>The resource's builder.</returns>
    public static IResourceBuilder<RedisResource> AddRedis(
        this IDistributedApplicationBuilder builder, [ResourceName] string name, int? port) =>
        builder.AddRedis(name, port, password: null);

    /// <summary>Adds a Redis server in a container.</summary>
    /// <param name="builder">The application builder.</param>
    /// <param name="name">The name of the resource, and of its connection string where it is referenced.</param>
    /// <param name="port">The host port; <see langword="null"/> means a random one.</param>
    /// <param name="password">The password; <see langword="null"/> generates one.</param>
    /// <returns>The resource's builder.</returns>
    public static IResourceBuilder<RedisResource> AddRedis(
        this IDistributedApplicationBuilder builder,
        [ResourceName] string name,
        int? port = null,
        IResourceBuilder<ParameterResource>? password = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(name);

        // A comma would end the password in StackExchange.Redis's connection string.
        var passwordParameter = password?.Resource
            ?? ParameterResourceBuilderExtensions.CreateDefaultPasswordParameter(builder, $"{name}-password", special: false);
        var redis = new RedisResource(name, passwordParameter);

        string? connectionString = null;
        builder.Eventing.Subscribe<ConnectionStringAvailableEvent>(redis, async (_, cancellationToken) =>
        {
            connectionString = await redis.GetConnectionStringAsync(cancellationToken)
                ?? throw new DistributedApplicationException($"The connection string of the '{name}' resource is not available.");
        });

        // Made by the container, which disposes of it, and shared by all checks, so that its connection is kept.
        var check = $"{name}_check";
        builder.Services.AddKeyedSingleton(check, (_, _) => new RedisHealthCheck(() => connectionString));
        builder.Services.AddHealthChecks().Add(new HealthCheckRegistration(
            check,
            services => services.GetRequiredKeyedService<RedisHealthCheck>(check),
            failureStatus: default,
            tags: default));

        return builder.AddResource(redis)
            .WithEndpoint(port: port, targetPort: 6379, name: RedisResource.PrimaryEndpointName, scheme: RedisResource.StandardScheme)
            .WithImage(RedisContainerImageTags.Image, RedisContainerImageTags.Tag)
            .WithImageRegistry(RedisContainerImageTags.Registry)
            .WithIconName("Database")
            .WithHealthCheck(check)
            .WithEntrypoint("/bin/sh")
            .WithEnvironment(context =>
            {
                if (redis.PasswordParameter is { } parameter)
                {
                    context.EnvironmentVariables[PasswordVariable] = parameter;
                }
            })
            .WithArgs(context => AddArguments(context, redis));
    }

    /// <summary>Keeps the server's data in a named volume, and turns snapshots on unless it is read-only.</summary>
    /// <param name="builder">The server's builder.</param>
    /// <param name="name">The volume's name; <see langword="null"/> makes one of the application's and the resource's name.</param>
    /// <param name="isReadOnly">Whether the container may not write.</param>
    /// <returns>The same builder.</returns>
    public static IResourceBuilder<RedisResource> WithDataVolume(
        this IResourceBuilder<RedisResource> builder, string? name = null, bool isReadOnly = false)
    {
        ArgumentNullException.ThrowIfNull(builder);

        builder.WithVolume(name ?? VolumeNameGenerator.Generate(builder, "data"), DataDirectory, isReadOnly);
        return isReadOnly ? builder : builder.WithPersistence();
    }

    /// <summary>Keeps the server's data in a directory of the host, and turns snapshots on unless it is read-only.</summary>
    /// <param name="builder">The server's builder.</param>
    /// <param name="source">The directory, relative to the AppHost.</param>
    /// <param name="isReadOnly">Whether the container may not write.</param>
    /// <returns>The same builder.</returns>
    public static IResourceBuilder<RedisResource> WithDataBindMount(
        this IResourceBuilder<RedisResource> builder, string source, bool isReadOnly = false)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(source);

        builder.WithBindMount(source, DataDirectory, isReadOnly);
        return isReadOnly ? builder : builder.WithPersistence();
    }

    /// <summary>Makes the server write snapshots of its data.</summary>
    /// <param name="builder">The server's builder.</param>
    /// <param name="interval">The time between snapshots; <see langword="null"/> means 60 seconds.</param>
    /// <param name="keysChangedThreshold">The number of changes below which no snapshot is written.</param>
    /// <returns>The same builder.</returns>
    public static IResourceBuilder<RedisResource> WithPersistence(
        this IResourceBuilder<RedisResource> builder, TimeSpan? interval = null, long keysChangedThreshold = 1)
    {
        ArgumentNullException.ThrowIfNull(builder);

        return builder.WithAnnotation(
            new RedisPersistenceAnnotation(interval, keysChangedThreshold), ResourceAnnotationMutationBehavior.Replace);
    }

    /// <summary>Sets the password that the server asks for.</summary>
    /// <param name="builder">The server's builder.</param>
    /// <param name="password">The password; <see langword="null"/> turns it off.</param>
    /// <returns>The same builder.</returns>
    public static IResourceBuilder<RedisResource> WithPassword(
        this IResourceBuilder<RedisResource> builder, IResourceBuilder<ParameterResource>? password)
    {
        ArgumentNullException.ThrowIfNull(builder);

        builder.Resource.SetPassword(password?.Resource);
        return builder;
    }

    /// <summary>Publishes the server on a fixed port of the host.</summary>
    /// <param name="builder">The server's builder.</param>
    /// <param name="port">The host port; <see langword="null"/> means a random one.</param>
    /// <returns>The same builder.</returns>
    public static IResourceBuilder<RedisResource> WithHostPort(this IResourceBuilder<RedisResource> builder, int? port)
    {
        ArgumentNullException.ThrowIfNull(builder);

        return builder.WithEndpoint(RedisResource.PrimaryEndpointName, endpoint => endpoint.Port = port);
    }

    private static void AddArguments(CommandLineArgsCallbackContext context, RedisResource redis)
    {
        List<string> command = ["redis-server"];
        if (redis.PasswordParameter is not null)
        {
            command.AddRange(["--requirepass", $"${PasswordVariable}"]);
        }

        if (redis.Annotations.OfType<RedisPersistenceAnnotation>().LastOrDefault() is { } persistence)
        {
            command.AddRange(persistence.ToArguments());
        }

        if (context.ExecutionContext.IsRunMode)
        {
            // ShellExecution makes one shell command of them when the container is created.
            command.ForEach(context.Args.Add);
            return;
        }

        context.Args.Add("-c");
        context.Args.Add(string.Join(' ', command));
    }
}
