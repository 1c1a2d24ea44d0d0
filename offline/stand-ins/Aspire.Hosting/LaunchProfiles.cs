using System.Text.Json;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

/// <summary>Decides which launch profile a project runs with.</summary>
internal static class LaunchProfiles
{
    private const string ProjectCommand = "Project";

    /// <summary>Gets the profile: the named one, else the AppHost's own by name, else the first; null for none.</summary>
    /// <exception cref="DistributedApplicationException">The named profile does not exist, or the file cannot be read.</exception>
    public static (string Name, LaunchProfile Profile)? Of(ProjectResource project)
    {
        if (project.HasAnnotationOfType<ExcludeLaunchProfileAnnotation>() || Settings(project.GetProjectMetadata()) is not { } settings)
        {
            return null;
        }

        if (project.TryGetLastAnnotation<LaunchProfileAnnotation>(out var named))
        {
            return settings.Profiles.TryGetValue(named.LaunchProfileName, out var profile)
                ? (named.LaunchProfileName, profile)
                : throw new DistributedApplicationException(
                    $"Launch settings file of '{project.Name}' does not contain '{named.LaunchProfileName}' profile.");
        }

        if (project.TryGetLastAnnotation<DefaultLaunchProfileAnnotation>(out var inherited)
            && settings.Profiles.TryGetValue(inherited.LaunchProfileName, out var sameName)
            && sameName.CommandName == ProjectCommand)
        {
            return (inherited.LaunchProfileName, sameName);
        }

        return settings.Profiles.Where(profile => profile.Value.CommandName == ProjectCommand)
            .Select(profile => ((string, LaunchProfile)?)(profile.Key, profile.Value))
            .FirstOrDefault();
    }

    private static LaunchSettings? Settings(IProjectMetadata project)
    {
        if (project.LaunchSettings is { } given)
        {
            return given;
        }

        var file = Path.Combine(Path.GetDirectoryName(project.ProjectPath)!, "Properties", "launchSettings.json");
        if (!File.Exists(file))
        {
            return null;
        }

        try
        {
            using var stream = File.OpenRead(file);
            return JsonSerializer.Deserialize(stream, LaunchSettingsJson.Default.LaunchSettings);
        }
        catch (JsonException exception)
        {
            throw new DistributedApplicationException($"The launch settings '{file}' are not valid JSON.", exception);
        }
    }
}
