using System.Runtime.Versioning;
using MediaAspire.AppHost.Data;
using MediaAspire.AppHost.Engines.Processes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace MediaAspire.AppHost.Engines.Redis;

/// <summary>Adds a Redis server as a process.</summary>
[UnsupportedOSPlatform("windows")]
internal static class LocalRedisExtensions
{
    private const string ConfigurationFileName = "redis.conf";

    /// <summary>Adds the server with a private data directory, an append-only file and a free port, without a proxy.</summary>
    /// <remarks>Every write is fsynced before it is acknowledged.</remarks>
    public static IResourceBuilder<LocalRedisResource> AddLocalRedis(
        this IDistributedApplicationBuilder builder,
        [ResourceName] string name,
        EnginePrograms programs,
        EngineDirectory directory)
    {
        var secret = new SecretFile($"{directory.Path}.password", SecretFile.NewPassword);
        var password = builder.AddParameter($"{name}-password", secret.Get, secret: true);
        string[] server = [programs.RedisServer, Path.Combine(directory.Path, ConfigurationFileName)];
        var command = directory.Account?.Wrap(server) ?? server;
        var port = LoopbackPorts.Next();
        var key = $"{name}_check";

        var resource = new LocalRedisResource(name, command[0], "/", password.Resource);
        builder.Services.AddHealthChecks()
            .Add(new HealthCheckRegistration(key, new RedisHealthCheck(resource), failureStatus: null, tags: null));
        return builder.AddResource(resource)
            .WithIconName("Database")
            .WithEndpoint(port: port, targetPort: port, scheme: "redis", name: LocalRedisResource.PrimaryEndpointName, isProxied: false)
            .WithEndpoint(LocalRedisResource.PrimaryEndpointName, endpoint => endpoint.TargetHost = "127.0.0.1")
            .WithArgs([.. command.Skip(1)])
            .WithArgs(context =>
            {
                context.Args.Add("--port");
                context.Args.Add(resource.PrimaryEndpoint.Property(EndpointProperty.TargetPort));
            })
            .OnBeforeResourceStarted((_, _, cancellationToken) => PrepareAsync(directory, secret, cancellationToken))
            .WithHealthCheck(key);
    }

    private static async Task PrepareAsync(EngineDirectory directory, SecretFile secret, CancellationToken cancellationToken)
    {
        await directory.CreateAsync(cancellationToken);

        // Redis does not lock its files: a second server would append to the same log.
        await directory.WaitUntilUnusedAsync(directory.Path, cancellationToken);
        await directory.WriteSecretAsync(ConfigurationFileName, Configuration(directory.Path, secret.Get()), cancellationToken);
    }

    // Passed in a file, because every user of the machine can read command lines.
    internal static string Configuration(string directory, string password) =>
        $"""
        bind 127.0.0.1
        dir "{directory}"
        requirepass {password}
        appendonly yes
        appendfsync always
        save ""
        daemonize no

        """;
}
