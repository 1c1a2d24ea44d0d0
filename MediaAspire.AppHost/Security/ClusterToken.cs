using MediaAspire.AppHost.Data;

namespace MediaAspire.AppHost.Security;

/// <summary>The secret by which the processes of the cluster authenticate to each other.</summary>
internal static class ClusterToken
{
    private const string Name = "cluster-token";
    private const string SecondName = "cluster-second-token";
    private const string SecondSetting = "Cluster:SecondToken";
    private const int Length = 32;

    /// <summary>Adds the secret parameter <c>cluster-token</c>.</summary>
    /// <remarks>
    /// A running graph creates it once and keeps it with its data; a deployment generates it. The setting <c>Cluster:Token</c> overrides
    /// it in a running graph. With the setting <c>Cluster:SecondToken</c>, also adds the secret parameter <c>cluster-second-token</c>.
    /// </remarks>
    public static ClusterTokens AddClusterToken(this IDistributedApplicationBuilder builder, DataDirectory data) => new(
        builder.ExecutionContext.IsPublishMode
            ? builder.AddParameter(Name, new GenerateParameterDefault { MinLength = Length, Special = false }, secret: true)
            : builder.AddKeptSecret(Name, "Cluster:Token", data, "security/cluster-token", SecretFile.NewPassword),
        builder.Configuration[SecondSetting] is not { Length: > 0 } second ? null
            : builder.ExecutionContext.IsPublishMode ? builder.AddParameter(SecondName, secret: true)
            : builder.AddParameter(SecondName, () => second, secret: true));

    /// <summary>Passes the tokens to a process of the cluster.</summary>
    public static IResourceBuilder<ProjectResource> WithClusterToken(
        this IResourceBuilder<ProjectResource> project, ClusterTokens tokens)
    {
        project.WithEnvironment("Cluster__Token", tokens.Current);
        return tokens.Second is null ? project : project.WithEnvironment("Cluster__SecondToken", tokens.Second);
    }
}

/// <summary>The tokens of the cluster.</summary>
/// <param name="Current">The one that processes present.</param>
/// <param name="Second">One that they accept as well, during a rotation; <see langword="null"/> without one.</param>
internal sealed record ClusterTokens(IResourceBuilder<ParameterResource> Current, IResourceBuilder<ParameterResource>? Second);
