using Microsoft.Extensions.Configuration;

namespace MediaAspire.AppHost;

/// <summary>What the projects of the graph have in common.</summary>
internal static class ProjectExtensions
{
    /// <summary>Runs the project in the AppHost's own environment (Development under F5).</summary>
    /// <remarks>Without a launch profile a project would start as Production. What is published decides for itself.</remarks>
    public static IResourceBuilder<ProjectResource> WithAppHostEnvironment(this IResourceBuilder<ProjectResource> project)
    {
        var builder = project.ApplicationBuilder;
        return builder.ExecutionContext.IsRunMode
            ? project.WithEnvironment("ASPNETCORE_ENVIRONMENT", builder.Environment.EnvironmentName)
            : project;
    }

    /// <summary>Hands sections of the AppHost's own settings on, so that <c>--Chunks:Copies=3</c> reaches whoever reads it.</summary>
    public static IResourceBuilder<ProjectResource> WithSettings(this IResourceBuilder<ProjectResource> project, params string[] sections)
    {
        foreach (var (key, value) in sections.SelectMany(section => project.ApplicationBuilder.Configuration.GetSection(section).AsEnumerable()))
        {
            if (value is not null)
            {
                project.WithEnvironment(key.Replace(":", "__", StringComparison.Ordinal), value);
            }
        }

        return project;
    }

    /// <summary>Adds the API's public <c>http</c> endpoint.</summary>
    /// <remarks>With one replica there is nothing to balance, so clients reach the API itself and every byte is spared a hop.</remarks>
    public static IResourceBuilder<ProjectResource> WithApiEndpoint(this IResourceBuilder<ProjectResource> project, AppHostOptions options)
    {
        if (project.ApplicationBuilder.ExecutionContext.IsPublishMode)
        {
            return project.WithHttpEndpoint().WithExternalHttpEndpoints();
        }

        return options.ApiReplicas == 1
            ? project.WithHttpEndpoint(port: options.ApiPort ?? LoopbackPorts.Next(), isProxied: false).WithExternalHttpEndpoints()
            : project.WithHttpEndpoint(port: options.ApiPort).WithExternalHttpEndpoints();
    }

    /// <summary>References the object store as connection string <c>s3</c>, where the graph has one.</summary>
    public static IResourceBuilder<ProjectResource> WithObjectStore(
        this IResourceBuilder<ProjectResource> project,
        IResourceBuilder<IResourceWithConnectionString>? objectStore) =>
        objectStore is null ? project : project.WithReference(objectStore, "s3").WaitFor(objectStore);
}
