using System.Reflection;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Testing;

/// <summary>What an AppHost inside a test is configured with; whatever is set already stays.</summary>
internal static class TestConfiguration
{
    private const string LaunchProfileKey = "DOTNET_LAUNCH_PROFILE";

    private static readonly string[] s_hostPrefixes = ["DOTNET_", "ASPNETCORE_"];

    private static readonly Dictionary<string, string?> s_defaults = new()
    {
        ["DcpPublisher:ContainerRuntimeInitializationTimeout"] = "00:00:30",
        ["DcpPublisher:RandomizePorts"] = "true",
        ["DcpPublisher:WaitForResourceCleanup"] = "true",
        ["ASPNETCORE_URLS"] = "http://localhost:8080",
        ["ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL"] = "http://localhost:4317",
        ["ASPIRE_ALLOW_UNSECURED_TRANSPORT"] = "true",
    };

    /// <summary>Passes the command line on and turns off what a test has no use for.</summary>
    public static void ApplyDefaults(
        DistributedApplicationOptions options, HostApplicationBuilderSettings settings, string[] args, Assembly assembly)
    {
        var name = assembly.GetName().Name ?? string.Empty;
        settings.Args = [.. settings.Args ?? [], .. args];
        settings.ApplicationName = name;
        options.Args = settings.Args;
        options.AssemblyName = name;
        options.DisableDashboard = true;
        options.EnableResourceLogging = true;

        if (ProjectDirectory(assembly) is { } directory)
        {
            settings.ContentRootPath = directory;
        }

        AddMissing(settings, s_defaults);
    }

    /// <summary>Adds the environment of the launch profile that <c>DOTNET_LAUNCH_PROFILE</c> names, or else of the first one.</summary>
    /// <exception cref="InvalidOperationException">There is no profile of that name.</exception>
    public static void ApplyLaunchProfile(HostApplicationBuilderSettings settings, Assembly assembly)
    {
        var profiles = ReadLaunchProfiles(assembly);
        if (profiles.Count == 0)
        {
            return;
        }

        var name = Current(settings)[LaunchProfileKey];
        var profile = string.IsNullOrEmpty(name)
            ? profiles.First()
            : profiles.FirstOrDefault(candidate => candidate.Key == name);
        if (profile.Value is null)
        {
            throw new InvalidOperationException($"The configured launch profile, '{name}', was not found in the launch settings file.");
        }

        var values = new Dictionary<string, string?> { [LaunchProfileKey] = profile.Key };
        foreach (var (key, value) in profile.Value.EnvironmentVariables)
        {
            values[key] = value;

            // As the host's own environment provider does, which never sees these.
            if (s_hostPrefixes.FirstOrDefault(prefix => key.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)) is { } prefix)
            {
                values[key[prefix.Length..]] = value;
            }
        }

        AddMissing(settings, values);
    }

    private static Dictionary<string, LaunchProfile> ReadLaunchProfiles(Assembly assembly)
    {
        var file = ProjectDirectory(assembly) is { } directory ? Path.Combine(directory, "Properties", "launchSettings.json") : null;
        if (!File.Exists(file))
        {
            return [];
        }

        using var stream = File.OpenRead(file);
        return JsonSerializer.Deserialize(stream, LaunchSettingsJson.Default.LaunchSettings)?.Profiles ?? [];
    }

    /// <summary>Returns the directory that the AppHost was built from, if it is still there.</summary>
    private static string? ProjectDirectory(Assembly assembly)
    {
        var path = assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .FirstOrDefault(metadata => string.Equals(metadata.Key, "AppHostProjectPath", StringComparison.OrdinalIgnoreCase))?.Value;
        return Directory.Exists(path) ? path : null;
    }

    private static void AddMissing(HostApplicationBuilderSettings settings, Dictionary<string, string?> values)
    {
        var current = Current(settings);
        var missing = values.Where(value => current[value.Key] is null).ToArray();
        settings.Configuration ??= new ConfigurationManager();
        settings.Configuration.AddInMemoryCollection(missing);
    }

    private static ConfigurationManager Current(HostApplicationBuilderSettings settings)
    {
        var current = new ConfigurationManager();
        current.AddCommandLine(settings.Args ?? []);
        if (settings.Configuration is not null)
        {
            current.AddConfiguration(settings.Configuration);
        }

        return current;
    }
}
