using Microsoft.Extensions.Configuration.Json;

namespace MediaAspire.AppHost;

/// <summary>Reads the settings files of the AppHost's project, wherever the AppHost was started from.</summary>
/// <remarks>By itself the application builder reads <c>appsettings.json</c> of the current directory only.</remarks>
internal static class SettingsFile
{
    /// <summary>Adds <c>appsettings.json</c> and the one of the environment below every other source, so that each of those overrides them.</summary>
    public static void AddSettingsFiles(this IDistributedApplicationBuilder builder)
    {
        string[] names = ["appsettings.json", $"appsettings.{builder.Environment.EnvironmentName}.json"];
        for (var index = 0; index < names.Length; index++)
        {
            var source = new JsonConfigurationSource { Path = Path.Combine(builder.AppHostDirectory, names[index]), Optional = true };
            source.ResolveFileProvider();
            builder.Configuration.Sources.Insert(index, source);
        }
    }
}
