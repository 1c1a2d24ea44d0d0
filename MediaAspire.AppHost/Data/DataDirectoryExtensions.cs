using Microsoft.Extensions.DependencyInjection;

namespace MediaAspire.AppHost.Data;

/// <summary>Puts the data directory into the life of the graph.</summary>
internal static class DataDirectoryExtensions
{
    /// <summary>Takes the data directory before anything starts, and empties it when a fresh start is asked for.</summary>
    public static DataDirectory AddDataDirectory(this IDistributedApplicationBuilder builder, AppHostOptions options)
    {
        var data = new DataDirectory(options.DataDirectory);

        // Registered through a factory because the container disposes only what it made itself.
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
