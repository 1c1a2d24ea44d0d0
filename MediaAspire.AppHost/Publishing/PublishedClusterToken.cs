namespace MediaAspire.AppHost.Publishing;

/// <summary>The secret by which the processes of a published cluster authenticate to each other.</summary>
internal static class PublishedClusterToken
{
    private const int Length = 32;

    /// <summary>Adds the secret parameter <c>cluster-token</c>, which the deployment generates.</summary>
    /// <returns>The parameter; <see langword="null"/> when the graph runs, where <c>Cluster:Token</c> is an ordinary setting.</returns>
    public static IResourceBuilder<ParameterResource>? AddPublishedClusterToken(this IDistributedApplicationBuilder builder) =>
        builder.ExecutionContext.IsPublishMode
            ? builder.AddParameter("cluster-token", new GenerateParameterDefault { MinLength = Length, Special = false }, secret: true)
            : null;

    /// <summary>Passes the token to a process of the cluster.</summary>
    /// <remarks>Call this after <c>WithSettings</c>, so that the parameter replaces a configured token in the manifest.</remarks>
    public static IResourceBuilder<ProjectResource> WithPublishedClusterToken(
        this IResourceBuilder<ProjectResource> project, IResourceBuilder<ParameterResource>? token) =>
        token is null ? project : project.WithEnvironment("Cluster__Token", token);
}
