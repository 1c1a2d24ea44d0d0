namespace MediaAspire.AppHost.Settings;

/// <summary>Passes secrets of the AppHost's own settings to projects.</summary>
internal static class ConfiguredSecretExtensions
{
    /// <summary>Passes a setting to the project as a secret parameter that is named after it; nothing where it is not set.</summary>
    /// <remarks>A deployment asks for the value, so that no manifest holds it.</remarks>
    public static IResourceBuilder<ProjectResource> WithConfiguredSecret(this IResourceBuilder<ProjectResource> project, string setting)
    {
        var builder = project.ApplicationBuilder;
        if (builder.Configuration[setting] is null)
        {
            return project;
        }

        var name = string.Concat(setting.Select(letter => char.IsAsciiLetterOrDigit(letter) ? char.ToLowerInvariant(letter) : '-'));
        return project.WithEnvironment(
            setting.Replace(":", "__", StringComparison.Ordinal),
            builder.ExecutionContext.IsPublishMode
                ? builder.AddParameter(name, secret: true)
                : builder.AddParameter(name, () => builder.Configuration[setting]!, secret: true));
    }
}
