using MediaAspire.AppHost.Data;
using MediaAspire.AppHost.Engines.Processes;
using MediaAspire.AppHost.Settings;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace MediaAspire.AppHost.Engines;

/// <summary>PostgreSQL and Redis as containers: always when publishing, and when running with a container runtime.</summary>
internal static partial class ContainerEngines
{
    private const string DatabaseName = "media";

    // An acknowledged write to staging has to survive a killed Redis, so Redis syncs every write before it responds.
    private static readonly string[] s_redisDurability = ["--appendonly", "yes", "--appendfsync", "always"];

    /// <summary>Adds the containers, each with a data volume.</summary>
    public static EngineSet AddContainerEngines(
        this IDistributedApplicationBuilder builder, AppHostOptions options, DataDirectory data, ContainerRuntime? runtime)
    {
        var postgres = builder.AddPostgres("postgres")
            .WithDataVolume(VolumeOf("postgres"))
            .WithArgs("-c", $"max_connections={DatabaseConnections.Divide(options).Limit}");
        var media = postgres.AddDatabase(DatabaseName);
        var redis = builder.AddRedis("redis").WithDataVolume(VolumeOf("redis")).WithAppendOnlyFile();

        if (builder.ExecutionContext.IsPublishMode)
        {
            // Aspire creates the database only in a running graph. In a published one the image does, when its volume is empty.
            postgres.WithEnvironment("POSTGRES_DB", DatabaseName);
        }

        if (options.Fresh)
        {
            builder.DropVolumes(runtime, [postgres.Resource, redis.Resource]);
        }

        return new EngineSet(media, redis, ObjectStore: null);

        string? VolumeOf(string engine) => builder.ExecutionContext.IsRunMode ? EngineVolumes.NameOf(engine, data) : null;
    }

    /// <summary>Turns the append-only file on, with a sync to disk before each write is acknowledged.</summary>
    public static IResourceBuilder<RedisResource> WithAppendOnlyFile(this IResourceBuilder<RedisResource> redis) =>
        redis.WithArgs(context =>
        {
            // AddRedis starts Redis through /bin/sh. When publishing, the whole command is one argument
            // (["-c", "redis-server --requirepass $REDIS_PASSWORD"]), and a shell ignores the arguments after it.
            if (context.ExecutionContext.IsPublishMode && context.Args is [.., string command])
            {
                context.Args[^1] = string.Join(' ', [command, .. s_redisDurability]);
                return;
            }

            foreach (var argument in s_redisDurability)
            {
                context.Args.Add(argument);
            }
        });

    private static void DropVolumes(
        this IDistributedApplicationBuilder builder, ContainerRuntime? runtime, IReadOnlyList<IResource> engines) =>
        builder.OnBeforeStart(async (started, cancellationToken) =>
        {
            if (!builder.ExecutionContext.IsRunMode)
            {
                return;
            }

            var volumes = engines
                .SelectMany(engine => engine.Annotations.OfType<ContainerMountAnnotation>())
                .Where(mount => mount is { Type: ContainerMountType.Volume, Source: not null })
                .Select(mount => mount.Source!)
                .ToArray();
            if (runtime is null || Executables.Find(runtime.Command) is not { } path)
            {
                throw new DistributedApplicationException(
                    $"--fresh cannot delete the volumes {string.Join(", ", volumes)}. Start a container runtime: none responds.");
            }

            var logger = started.Services.GetRequiredService<ILoggerFactory>().CreateLogger("MediaAspire.AppHost.Engines");
            var result = await ChildProcess.RunAsync(path, ["volume", "rm", "--force", .. volumes], cancellationToken);
            if (result.ExitCode != 0)
            {
                throw new DistributedApplicationException($"--fresh failed to delete the engines' volumes: {result.Error.Trim()}");
            }

            LogDropped(logger, volumes);
        });

    [LoggerMessage(Level = LogLevel.Information, Message = "Fresh start: deleted the volumes {Volumes}.")]
    private static partial void LogDropped(ILogger logger, string[] volumes);
}
