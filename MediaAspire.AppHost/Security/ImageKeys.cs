using MediaAspire.AppHost.Data;
using MediaAspire.AppHost.Settings;
using Microsoft.Extensions.Configuration;

namespace MediaAspire.AppHost.Security;

/// <summary>The secrets that sign addresses of images.</summary>
internal static class ImageKeys
{
    private const string Generated = "images-signing-key";
    private const string Id = "graph";
    private const int Length = 43;

    /// <summary>
    /// Passes the configured keys to the API as secret parameters. Without one to sign with, adds the parameter <c>images-signing-key</c>.
    /// </summary>
    /// <remarks>A running graph creates that key once and keeps it with its data; a deployment generates it.</remarks>
    public static IResourceBuilder<ProjectResource> WithImageKeys(this IResourceBuilder<ProjectResource> api, DataDirectory data)
    {
        var builder = api.ApplicationBuilder;
        var configured = ImageKeySettings.Sections.SelectMany(section => builder.Configuration.GetSection(section).AsEnumerable());
        foreach (var (setting, _) in configured)
        {
            api.WithConfiguredSecret(setting);
        }

        return builder.Configuration.GetSection(ImageKeySettings.Signing).GetChildren().Any()
            ? api
            : api.WithEnvironment(
                NameOf($"{ImageKeySettings.Signing}:{Id}"),
                builder.ExecutionContext.IsPublishMode
                    ? builder.AddParameter(Generated, new GenerateParameterDefault { MinLength = Length, Special = false }, secret: true)
                    : builder.AddKeptSecret(
                        Generated, $"{ImageKeySettings.Signing}:{Id}", data, $"security/{Generated}", SecretFile.NewPassword));
    }

    private static string NameOf(string setting) => setting.Replace(":", "__", StringComparison.Ordinal);
}
