namespace MediaAspire.AppHost.Publishing;

/// <summary>The secret that the processes of a published cluster show each other.</summary>
internal static class PublishedClusterToken
{
    private const int Length = 32;

    /// <summary>Adds the secret parameter <c>cluster-token</c>, which the deployment generates.</summary>
    /// <returns>The parameter; <see langword="null"/> when the graph runs, where <c>Cluster:Token</c> is an ordinary setting.</returns>
    public static IResourceBuilder<ParameterResource>? AddPublishedClusterToken(this IDistributedApplicationBuilder builder) =>
        builder.ExecutionContext.IsPublishMode
            ? builder.AddParameter("cluster-token", new GenerateParameterDefault { MinLength = Length, Special = false }, secret: true)
            : null;

    /// <summary>Hands the token to a process of the cluster.</summary>
    /// <remarks>After <c>WithSettings</c>: a token among the settings would stand in the manifest for everybody to read.</remarks>
    public static IResourceBuilder<ProjectResource> WithPublishedClusterToken(
        this IResourceBuilder<ProjectResource> project, IResourceBuilder<ParameterResource>? token) =>
        token is null ? project : project.WithEnvironment("Cluster__Token", token);
}
