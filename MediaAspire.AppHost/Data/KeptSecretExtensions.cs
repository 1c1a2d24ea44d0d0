namespace MediaAspire.AppHost.Data;

/// <summary>Adds secrets that a running graph keeps with its data.</summary>
internal static class KeptSecretExtensions
{
    /// <summary>Adds a secret parameter whose value is the setting, or else the content of a file that is created once.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">The name of the parameter.</param>
    /// <param name="setting">The setting that replaces the file.</param>
    /// <param name="data">The data directory.</param>
    /// <param name="file">The path of the file in the data directory.</param>
    /// <param name="make">Creates the secret when the file does not exist.</param>
    public static IResourceBuilder<ParameterResource> AddKeptSecret(
        this IDistributedApplicationBuilder builder, string name, string setting, DataDirectory data, string file, Func<string> make)
    {
        var kept = new SecretFile(Path.Combine(data.Path, file), make);
        var isConfigured = builder.Configuration[setting] is { Length: > 0 };
        var parameter = builder.AddParameter(name, () => isConfigured ? builder.Configuration[setting]! : kept.Get(), secret: true);
        return isConfigured ? parameter : parameter.WithAnnotation(new SecretFileAnnotation(kept.Path));
    }
}
