using Microsoft.Extensions.Configuration;

namespace MediaAspire.AppHost.Settings;

/// <summary>Reads the settings files of the AppHost's project, regardless of the current directory.</summary>
/// <remarks>The application builder reads only the <c>appsettings.json</c> of the current directory.</remarks>
internal static class SettingsFile
{
    /// <summary>Adds the settings of <c>appsettings.json</c> and of the environment's file, unless another source sets them.</summary>
    public static void AddSettingsFiles(this IDistributedApplicationBuilder builder)
    {
        var files = new ConfigurationBuilder()
            .SetBasePath(builder.AppHostDirectory)
            .AddJsonFile("appsettings.json", optional: true)
            .AddJsonFile($"appsettings.{builder.Environment.EnvironmentName}.json", optional: true)
            .Build();

        // Not added as a source of lowest rank: that reloads all sources, and a source that reads a stream cannot be reloaded.
        builder.Configuration.AddInMemoryCollection(
            files.AsEnumerable().Where(setting => setting.Value is not null && builder.Configuration[setting.Key] is null));
    }
}
