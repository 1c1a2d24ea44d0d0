using MediaAspire.AppHost.Data;
using MediaAspire.AppHost.LocalStack;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace MediaAspire.AppHost.Engines;

/// <summary>Adds PostgreSQL, Redis and, where it is not the API's own, the object store.</summary>
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
                    LogOwnObjectStore(logger);
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

        // LocalStack is for running graphs only: it keeps objects in memory, and its keys are public.
        return builder.ExecutionContext.IsRunMode && useContainers && options.S3Enabled
            ? builder.AddLocalStack("s3").WithDataVolume().AddBucket("s3-media", EngineSet.BucketName)
            : null;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Reason}")]
    private static partial void LogSelection(ILogger logger, string reason);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "The graph's s3 is the API's own; the connection string s3 names another one.")]
    private static partial void LogOwnObjectStore(ILogger logger);
}
