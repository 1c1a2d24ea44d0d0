using MediaAspire.AppHost.Settings;
using Microsoft.Extensions.DependencyInjection;

namespace MediaAspire.AppHost.Data;

/// <summary>Adds the data directory to the graph.</summary>
internal static class DataDirectoryExtensions
{
    /// <summary>Locks the data directory before any resource starts, and empties it on a fresh start.</summary>
    public static DataDirectory AddDataDirectory(this IDistributedApplicationBuilder builder, AppHostOptions options)
    {
        var data = new DataDirectory(options.DataDirectory);

        // Registered through a factory, because the container disposes only the instances that it created.
        builder.Services.AddSingleton(_ => data);
        builder.OnBeforeStart((started, _) =>
        {
            if (!builder.ExecutionContext.IsRunMode)
            {
                return Task.CompletedTask;
            }

            started.Services.GetRequiredService<DataDirectory>().Acquire();
            if (options.Fresh)
            {
                data.Clear();
            }

            return Task.CompletedTask;
        });

        return data;
    }
}
