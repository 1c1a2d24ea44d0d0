using Microsoft.Extensions.Configuration;

namespace MediaAspire.AppHost;

/// <summary>What the projects of the graph have in common.</summary>
internal static class ProjectExtensions
{
    private const string OtlpEndpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    // In milliseconds. At the end the dashboard goes first, and each process retries its last telemetry for as long as this.
    private const string OtlpTimeout = "OTEL_EXPORTER_OTLP_TIMEOUT";

    /// <summary>Runs the project's built program in the AppHost's own environment (Development under F5).</summary>
    /// <remarks>
    /// Without a launch profile a project would start as Production. What is published decides for itself. Without a dashboard nothing is to be
    /// sent to it: Aspire names its address all the same, and making spans and metrics for nobody costs as much as a small request.
    /// </remarks>
    public static IResourceBuilder<ProjectResource> WithAppHostEnvironment(this IResourceBuilder<ProjectResource> project)
    {
        var builder = project.ApplicationBuilder;
        if (!builder.ExecutionContext.IsRunMode)
        {
            return project;
        }

        // No endpoint of the graph is https yet. Without this Aspire looks for a development certificate, and the dashboard reports its absence.
#pragma warning disable ASPIRECERTIFICATES001
        project.WithoutHttpsCertificate();
#pragma warning restore ASPIRECERTIFICATES001
        project.WithBuiltProgram().WithEnvironment("ASPNETCORE_ENVIRONMENT", builder.Environment.EnvironmentName);
        return builder.Configuration.GetValue(AppHostOptions.TelemetryExported, defaultValue: true)
            ? project.WithEnvironment(OtlpTimeout, builder.Configuration[OtlpTimeout] ?? "1000")
            : project.WithEnvironment(OtlpEndpoint, builder.Configuration[OtlpEndpoint] ?? "");
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

    /// <summary>Adds a public endpoint over HTTP.</summary>
    /// <remarks>With one replica there is nothing to balance, so clients reach the process itself and every byte is spared a hop.</remarks>
    /// <param name="project">The project.</param>
    /// <param name="name">Name of the endpoint.</param>
    /// <param name="replicas">How many processes there are.</param>
    /// <param name="port">The public port when running; <see langword="null"/> takes a free one.</param>
    public static IResourceBuilder<ProjectResource> WithPublicEndpoint(
        this IResourceBuilder<ProjectResource> project, string name, int replicas, int? port)
    {
        if (project.ApplicationBuilder.ExecutionContext.IsPublishMode)
        {
            project.WithHttpEndpoint(name: name);
        }
        else if (replicas == 1)
        {
            project.WithHttpEndpoint(port: port ?? LoopbackPorts.Next(), name: name, isProxied: false);
        }
        else
        {
            project.WithHttpEndpoint(port: port, name: name);
        }

        return project.WithExternalHttpEndpoints();
    }

    /// <summary>Names the endpoint's link in the dashboard, and adds links to pages behind it.</summary>
    /// <param name="project">The project.</param>
    /// <param name="endpointName">The endpoint.</param>
    /// <param name="text">The text of its link.</param>
    /// <param name="pages">Paths behind the endpoint, each with the text of its link.</param>
    public static IResourceBuilder<ProjectResource> WithLinks(
        this IResourceBuilder<ProjectResource> project, string endpointName, string text, params (string Path, string Text)[] pages)
    {
        project.WithUrlForEndpoint(endpointName, url => url.DisplayText = text);
        foreach (var (path, pageText) in pages)
        {
            project.WithUrlForEndpoint(endpointName, _ => new ResourceUrlAnnotation { Url = path, DisplayText = pageText });
        }

        return project;
    }

    /// <summary>Shows the endpoint's address as text among the details: a browser can do nothing with it.</summary>
    public static IResourceBuilder<ProjectResource> WithTextUrl(this IResourceBuilder<ProjectResource> project, string endpointName, string text) =>
        project.WithUrlForEndpoint(endpointName, url =>
        {
            // The dashboard makes links of http and https only.
            url.Url = new UriBuilder(url.Url) { Scheme = endpointName }.Uri.ToString().TrimEnd('/');
            url.DisplayText = $"{text} {url.Url}";
            url.DisplayLocation = UrlDisplayLocation.DetailsOnly;
        });
}
