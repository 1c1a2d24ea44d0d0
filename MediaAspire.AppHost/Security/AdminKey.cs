using MediaAspire.AppHost.Data;
using MediaAspire.Core.ApiKeys;

namespace MediaAspire.AppHost.Security;

/// <summary>The first API key of the graph, which may do everything.</summary>
internal static class AdminKey
{
    private const string Name = "admin-key";

    /// <summary>Adds the secret parameter <c>admin-key</c>.</summary>
    /// <remarks>
    /// A running graph creates the key once and keeps it with its data; a deployment asks for it. The setting <c>Security:AdminKey</c>
    /// overrides it in a running graph.
    /// </remarks>
    public static IResourceBuilder<ParameterResource> AddAdminKey(this IDistributedApplicationBuilder builder, DataDirectory data) =>
        builder.ExecutionContext.IsPublishMode
            ? builder.AddParameter(Name, secret: true)
            : builder.AddKeptSecret(Name, "Security:AdminKey", data, "security/admin-key", NewKey);

    // Always the same id: a new secret takes the place of the old one.
    private static string NewKey() => ApiKeyFormat.Compose("root", ApiKeyFormat.NewSecret());
}
