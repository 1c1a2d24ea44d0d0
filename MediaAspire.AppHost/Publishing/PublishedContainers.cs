namespace MediaAspire.AppHost.Publishing;

/// <summary>Publishes projects as containers.</summary>
internal static class PublishedContainers
{
    /// <summary>The port of the first endpoint of every published container, which the base image listens on too.</summary>
    public const int Port = 8080;

    /// <summary>Publishes the project as a container that is built from the Dockerfile in the project's directory.</summary>
    /// <remarks>
    /// As a project it could have no volume. The build's context is the repository, because the projects share files. Arguments that were
    /// added before are dropped, so this call comes before <c>WithArgs</c>. Nothing changes when the graph runs.
    /// </remarks>
    /// <param name="project">The project.</param>
    /// <param name="configure">What the container gets besides.</param>
    public static IResourceBuilder<ProjectResource> AsPublishedContainer(
        this IResourceBuilder<ProjectResource> project, Action<IResourceBuilder<ContainerResource>>? configure = null) =>
        project.PublishAsDockerFile(container =>
        {
            var directory = Path.GetDirectoryName(project.Resource.GetProjectMetadata().ProjectPath)!;
            container.WithDockerfile(Path.GetDirectoryName(directory)!, Path.Combine(directory, "Dockerfile"));
            configure?.Invoke(container);

            // What a client writes into X-Forwarded-For would count as its address, and policies go by that. Whoever has a proxy that
            // overwrites the header turns it on.
            project.DisableForwardedHeaders();
        });

    /// <summary>Names the port that the published container listens on for an endpoint. A running graph keeps the port it chose.</summary>
    public static IResourceBuilder<ProjectResource> WithPublishedPort(this IResourceBuilder<ProjectResource> project, string endpointName, int port) =>
        project.ApplicationBuilder.ExecutionContext.IsPublishMode
            ? project.WithEndpoint(endpointName, endpoint => endpoint.TargetPort = port, createIfNotExists: false)
            : project;
}
