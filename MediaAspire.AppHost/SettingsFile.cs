using Microsoft.Extensions.Configuration;

namespace MediaAspire.AppHost;

/// <summary>Reads the settings files of the AppHost's project, wherever the AppHost was started from.</summary>
/// <remarks>By itself the application builder reads <c>appsettings.json</c> of the current directory only.</remarks>
internal static class SettingsFile
{
    /// <summary>Adds what <c>appsettings.json</c> and the one of the environment set and no other source does.</summary>
    public static void AddSettingsFiles(this IDistributedApplicationBuilder builder)
    {
        var files = new ConfigurationBuilder()
            .SetBasePath(builder.AppHostDirectory)
            .AddJsonFile("appsettings.json", optional: true)
            .AddJsonFile($"appsettings.{builder.Environment.EnvironmentName}.json", optional: true)
            .Build();

        // Not as a source below the others: that would load all of them once more, which those that read a stream cannot do.
        builder.Configuration.AddInMemoryCollection(
            files.AsEnumerable().Where(setting => setting.Value is not null && builder.Configuration[setting.Key] is null));
    }
}
