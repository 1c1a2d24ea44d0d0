using MediaAspire.AppHost.Data;

namespace MediaAspire.AppHost.Security;

/// <summary>The secret by which the processes of the cluster authenticate to each other.</summary>
internal static class ClusterToken
{
    private const string Name = "cluster-token";
    private const int Length = 32;

    /// <summary>Adds the secret parameter <c>cluster-token</c>.</summary>
    /// <remarks>
    /// A running graph creates it once and keeps it with its data; a deployment generates it. The setting <c>Cluster:Token</c> overrides
    /// it in a running graph.
    /// </remarks>
    public static IResourceBuilder<ParameterResource> AddClusterToken(this IDistributedApplicationBuilder builder, DataDirectory data) =>
        builder.ExecutionContext.IsPublishMode
            ? builder.AddParameter(Name, new GenerateParameterDefault { MinLength = Length, Special = false }, secret: true)
            : builder.AddKeptSecret(Name, "Cluster:Token", data, "security/cluster-token", SecretFile.NewPassword);

    /// <summary>Passes the token to a process of the cluster.</summary>
    public static IResourceBuilder<ProjectResource> WithClusterToken(
        this IResourceBuilder<ProjectResource> project, IResourceBuilder<ParameterResource> token) =>
        project.WithEnvironment("Cluster__Token", token);
}
