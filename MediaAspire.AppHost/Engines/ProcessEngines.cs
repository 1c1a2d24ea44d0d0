using System.Runtime.Versioning;
using MediaAspire.AppHost.Data;
using MediaAspire.AppHost.Engines.Postgres;
using MediaAspire.AppHost.Engines.Processes;
using MediaAspire.AppHost.Engines.Redis;
using MediaAspire.AppHost.Settings;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace MediaAspire.AppHost.Engines;

/// <summary>PostgreSQL and Redis as programs of this machine, for example on a build server without containers.</summary>
[UnsupportedOSPlatform("windows")]
internal static partial class ProcessEngines
{
    /// <summary>Adds both engines, with private directories below the data directory.</summary>
    /// <exception cref="DistributedApplicationException">A program is missing; the message names every package to install.</exception>
    public static EngineSet AddProcessEngines(this IDistributedApplicationBuilder builder, AppHostOptions options, DataDirectory data)
    {
        var programs = EnginePrograms.Find();
        var postgresAccount = EngineAccount.Find("postgres");
        var redisAccount = EngineAccount.Find("redis");
        var root = EngineDirectory.ChooseRoot(data, postgresAccount);

        builder.OnBeforeStart((started, _) =>
        {
            if (root != data.Path)
            {
                var logger = started.Services.GetRequiredService<ILoggerFactory>().CreateLogger("MediaAspire.AppHost.Engines");
                LogElsewhere(logger, postgresAccount!.Name, data.Path, root);
                if (options.Fresh && Directory.Exists(root))
                {
                    Directory.Delete(root, recursive: true);
                }
            }

            return Task.CompletedTask;
        });

        var media = builder
            .AddLocalPostgres(
                "postgres",
                programs,
                new EngineDirectory(Path.Combine(root, "postgres"), postgresAccount, TimeProvider.System),
                DatabaseConnections.Divide(options).Limit)
            .AddDatabase("media");
        var redis = builder
            .AddLocalRedis("redis", programs, new EngineDirectory(Path.Combine(root, "redis"), redisAccount, TimeProvider.System));

        return new EngineSet(media, redis, ObjectStore: null);
    }

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "The account {Account} cannot enter {DataDirectory}; the engines' data is in {Root}.")]
    private static partial void LogElsewhere(ILogger logger, string account, string dataDirectory, string root);
}
