namespace MediaAspire.AppHost.Publishing;

/// <summary>Publishes projects as containers.</summary>
internal static class PublishedContainers
{
    /// <summary>The port of the first endpoint of every published container; also the base image's default.</summary>
    public const int Port = 8080;

    /// <summary>Publishes the project as a container that is built from the Dockerfile in the project's directory.</summary>
    /// <remarks>
    /// The manifest format has volumes for containers only. The build's context is the repository, because the projects share files. Call
    /// this before <c>WithArgs</c>, since earlier arguments are dropped. A running graph is not affected.
    /// </remarks>
    /// <param name="project">The project.</param>
    /// <param name="configure">Configures the container further.</param>
    public static IResourceBuilder<ProjectResource> AsPublishedContainer(
        this IResourceBuilder<ProjectResource> project, Action<IResourceBuilder<ContainerResource>>? configure = null) =>
        project.PublishAsDockerFile(container =>
        {
            var directory = Path.GetDirectoryName(project.Resource.GetProjectMetadata().ProjectPath)!;
            container.WithDockerfile(Path.GetDirectoryName(directory)!, Path.Combine(directory, "Dockerfile"));
            configure?.Invoke(container);

            // Bucket policies check the client's address. Without a proxy that overwrites X-Forwarded-For, clients could choose theirs.
            project.DisableForwardedHeaders();
        });

    /// <summary>Sets the port on which the published container serves an endpoint. A running graph is not affected.</summary>
    public static IResourceBuilder<ProjectResource> WithPublishedPort(
        this IResourceBuilder<ProjectResource> project, string endpointName, int port) =>
        project.ApplicationBuilder.ExecutionContext.IsPublishMode
            ? project.WithEndpoint(endpointName, endpoint => endpoint.TargetPort = port, createIfNotExists: false)
            : project;
}
