using MediaAspire.AppHost.Data;
using MediaAspire.AppHost.LocalStack;
using MediaAspire.AppHost.Settings;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace MediaAspire.AppHost.Engines;

/// <summary>Adds PostgreSQL, Redis and the object store, unless the API's own S3 is used.</summary>
internal static partial class EngineExtensions
{
    /// <summary>Adds the engines as the configuration and the machine require.</summary>
    /// <exception cref="DistributedApplicationException">Engines are to run as processes and a program is missing.</exception>
    public static EngineSet AddEngines(this IDistributedApplicationBuilder builder, AppHostOptions options, DataDirectory data)
    {
        var isPublishMode = builder.ExecutionContext.IsPublishMode;
        var record = new EngineRecord(data);
        var selection = EngineSelection.Select(
            options.Engines,
            isPublishMode,
            isPublishMode || options.Fresh ? null : record.Read(),
            data.Path,
            () => ContainerRuntime.Find(builder.Configuration));

        var engines = AddSelected(builder, options, data, selection) with
        {
            ObjectStore = builder.AddObjectStore(options, data, selection.UseContainers),
        };

        builder.OnBeforeStart((started, _) =>
        {
            if (builder.ExecutionContext.IsRunMode)
            {
                record.Write(selection.UseContainers);
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
            return builder.AddContainerEngines(options, data, selection.Runtime);
        }

        return OperatingSystem.IsWindows()
            ? throw new DistributedApplicationException("On Windows, engines run only as containers. Start a container runtime.")
            : builder.AddProcessEngines(options, data);
    }

    private static IResourceBuilder<IResourceWithConnectionString>? AddObjectStore(
        this IDistributedApplicationBuilder builder,
        AppHostOptions options,
        DataDirectory data,
        bool useContainers)
    {
        if (options.HasS3ConnectionString)
        {
            return builder.AddConnectionString("s3");
        }

        // LocalStack is for running graphs only: it keeps objects in memory, and its keys are public.
        return builder.ExecutionContext.IsRunMode && useContainers && options.S3Enabled
            ? builder.AddLocalStack("s3").WithDataVolume(EngineVolumes.NameOf("s3", data)).AddBucket("s3-media", EngineSet.BucketName)
            : null;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Reason}")]
    private static partial void LogSelection(ILogger logger, string reason);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "The graph uses the API's own S3. To use another one, set the connection string s3.")]
    private static partial void LogOwnObjectStore(ILogger logger);
}
