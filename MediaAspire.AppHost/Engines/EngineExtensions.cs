using MediaAspire.AppHost.Data;
using MediaAspire.AppHost.LocalStack;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace MediaAspire.AppHost.Engines;

/// <summary>Adds PostgreSQL, Redis and, where there is one, the object store.</summary>
internal static partial class EngineExtensions
{
    /// <summary>Adds the engines that the configuration and the machine call for.</summary>
    /// <exception cref="DistributedApplicationException">Process engines are called for and a program is missing.</exception>
    public static EngineSet AddEngines(this IDistributedApplicationBuilder builder, AppHostOptions options, DataDirectory data)
    {
        var selection = EngineSelection.Select(
            options.Engines,
            builder.ExecutionContext.IsPublishMode,
            () => ContainerRuntime.Find(builder.Configuration));

        var engines = AddSelected(builder, options, data, selection) with
        {
            ObjectStore = builder.AddObjectStore(options, selection.UseContainers),
        };

        builder.OnBeforeStart((started, _) =>
        {
            if (builder.ExecutionContext.IsRunMode)
            {
                var logger = started.Services.GetRequiredService<ILoggerFactory>().CreateLogger("MediaAspire.AppHost.Engines");
                LogSelection(logger, selection.Reason);
                if (engines.ObjectStore is null)
                {
                    LogNoObjectStore(logger);
                }
            }

            return Task.CompletedTask;
        });

        return engines;
    }

    private static EngineSet AddSelected(
        IDistributedApplicationBuilder builder,
        AppHostOptions options,
        DataDirectory data,
        EngineSelection selection)
    {
        if (selection.UseContainers)
        {
            return builder.AddContainerEngines(options, selection.Runtime);
        }

        return OperatingSystem.IsWindows()
            ? throw new DistributedApplicationException("Engines run as processes on Linux and macOS only. Start a container runtime.")
            : builder.AddProcessEngines(options, data);
    }

    private static IResourceBuilder<IResourceWithConnectionString>? AddObjectStore(
        this IDistributedApplicationBuilder builder,
        AppHostOptions options,
        bool useContainers)
    {
        if (options.HasS3ConnectionString)
        {
            return builder.AddConnectionString("s3");
        }

        return useContainers && options.S3Enabled
            ? builder.AddLocalStack("s3").WithDataVolume().AddBucket("s3-media", "media")
            : null;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Reason}")]
    private static partial void LogSelection(ILogger logger, string reason);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "The graph has no s3: it comes with container engines, or from any S3 by the connection string s3.")]
    private static partial void LogNoObjectStore(ILogger logger);
}
