using MediaAspire.AppHost.Engines.Processes;
using MediaAspire.AppHost.Settings;
using Microsoft.Extensions.Configuration;

namespace MediaAspire.AppHost;

/// <summary>Extensions for every project of the graph.</summary>
internal static class ProjectExtensions
{
    private const string OtlpEndpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    // In milliseconds. On shutdown the dashboard ends first, and each process retries to send its last telemetry for this long.
    private const string OtlpTimeout = "OTEL_EXPORTER_OTLP_TIMEOUT";

    private static readonly HashSet<string> s_secrets = new(StringComparer.OrdinalIgnoreCase)
    {
        "Cluster:Token", "Cluster:SecondToken", "Security:AdminKey", "Security:EventsKey", "S3:SecretsKey", "S3:RootAccessKey",
        "S3:RootSecretKey", "Console:OpenIdConnect:ClientSecret",
        "ObjectStore:ConnectionString",
    };

    /// <summary>Runs the project's built program in the AppHost's own environment (Development under F5).</summary>
    /// <remarks>
    /// Without a launch profile a project would start as Production. A published process has an environment of its own. Without a
    /// dashboard, telemetry is off: Aspire would set the dashboard's address anyway, and the spans of a small request cost as much as the
    /// request.
    /// </remarks>
    public static IResourceBuilder<ProjectResource> WithAppHostEnvironment(this IResourceBuilder<ProjectResource> project)
    {
        var builder = project.ApplicationBuilder;
        if (!builder.ExecutionContext.IsRunMode)
        {
            return project;
        }

        // The graph does not have https endpoints yet. Without this setting the dashboard reports a missing development certificate.
#pragma warning disable ASPIRECERTIFICATES001
        project.WithoutHttpsCertificate();
#pragma warning restore ASPIRECERTIFICATES001
        project.WithBuiltProgram().WithEnvironment("ASPNETCORE_ENVIRONMENT", builder.Environment.EnvironmentName);
        return builder.Configuration.GetValue(AppHostOptions.TelemetryExported, defaultValue: true)
            ? project.WithEnvironment(OtlpTimeout, builder.Configuration[OtlpTimeout] ?? "1000")
            : project.WithEnvironment(OtlpEndpoint, builder.Configuration[OtlpEndpoint] ?? "");
    }

    /// <summary>Passes sections of the AppHost's own settings to the project, so that it reads <c>--Chunks:Copies=3</c>.</summary>
    /// <remarks>Secrets are not passed on, because the manifest would hold them: each is a secret parameter.</remarks>
    public static IResourceBuilder<ProjectResource> WithSettings(this IResourceBuilder<ProjectResource> project, params string[] sections)
    {
        var configuration = project.ApplicationBuilder.Configuration;
        foreach (var (key, value) in sections.SelectMany(section => configuration.GetSection(section).AsEnumerable()))
        {
            if (value is not null && !IsSecret(key))
            {
                project.WithEnvironment(key.Replace(":", "__", StringComparison.Ordinal), value);
            }
        }

        return project;
    }

    private static bool IsSecret(string key) =>
        s_secrets.Contains(key) || ImageKeySettings.Has(key)
        || (key.StartsWith("Notifications:Targets:", StringComparison.OrdinalIgnoreCase)
            && key.EndsWith(":Token", StringComparison.OrdinalIgnoreCase));

    /// <summary>Adds a public endpoint over HTTP, which a deployment makes reachable from outside.</summary>
    /// <inheritdoc cref="WithDirectEndpoint"/>
    public static IResourceBuilder<ProjectResource> WithPublicEndpoint(
        this IResourceBuilder<ProjectResource> project, string name, int replicas, int? port) =>
        project.WithDirectEndpoint(name, replicas, port)
            .WithEndpoint(name, endpoint => endpoint.IsExternal = true, createIfNotExists: false);

    /// <summary>Adds an endpoint over HTTP.</summary>
    /// <remarks>A single replica needs no load balancing, so clients connect to the process itself, without a proxy in between.</remarks>
    /// <param name="project">The project.</param>
    /// <param name="name">Name of the endpoint.</param>
    /// <param name="replicas">The number of processes.</param>
    /// <param name="port">The port when running; <see langword="null"/> chooses a free one.</param>
    public static IResourceBuilder<ProjectResource> WithDirectEndpoint(
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

        return project;
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

    /// <summary>Shows the endpoint's address as text in the details, because a browser cannot open it.</summary>
    public static IResourceBuilder<ProjectResource> WithTextUrl(
        this IResourceBuilder<ProjectResource> project, string endpointName, string text) =>
        project.WithUrlForEndpoint(endpointName, url =>
        {
            // The dashboard turns only http and https addresses into links.
            url.Url = new UriBuilder(url.Url) { Scheme = endpointName }.Uri.ToString().TrimEnd('/');
            url.DisplayText = $"{text} {url.Url}";
            url.DisplayLocation = UrlDisplayLocation.DetailsOnly;
        });
}
