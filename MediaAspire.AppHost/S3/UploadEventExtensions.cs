using MediaAspire.AppHost.Engines;
using Microsoft.Extensions.Configuration;

namespace MediaAspire.AppHost.S3;

/// <summary>Has the graph's own S3 tell the API of uploads, so that they finish without a further call of the client.</summary>
internal static class UploadEventExtensions
{
    private const string Target = "media";
    private const string Section = "Notifications:Targets";
    private const string Route = "/media/events";

    /// <summary>
    /// Passes the key of the sender to the API and, with the graph's own S3, the target of the bucket's notifications to both.
    /// </summary>
    /// <param name="worker">The sender of notifications.</param>
    /// <param name="api">The API, with its endpoints.</param>
    /// <param name="objectStore">The store; <see langword="null"/> for the API's own S3.</param>
    /// <param name="key">The key of the sender.</param>
    /// <remarks>
    /// The worker does not wait for the API, which waits for nothing of the worker: events wait until both run. A target of this name in
    /// the settings replaces the graph's own.
    /// </remarks>
    public static void WithUploadEvents(
        this IResourceBuilder<ProjectResource> worker,
        IResourceBuilder<ProjectResource> api,
        IResourceBuilder<IResourceWithConnectionString>? objectStore,
        ReferenceExpression key)
    {
        var configuration = api.ApplicationBuilder.Configuration;
        api.WithEnvironment("Security__EventsKey", key);
        worker.WithTargetTokens(configuration);
        if (objectStore is not null || configuration.GetSection($"{Section}:{Target}").Exists())
        {
            return;
        }

        var url = ReferenceExpression.Create($"{api.GetEndpoint("http").Property(EndpointProperty.Url)}{Route}");
        foreach (var project in new[] { worker, api })
        {
            // Only the platform's bucket may use the target: events of others would be of no use to it.
            project.WithEnvironment($"Notifications__Targets__{Target}__Url", url)
                .WithEnvironment($"Notifications__Targets__{Target}__Buckets__0", EngineSet.BucketName);
        }

        worker.WithEnvironment($"Notifications__Targets__{Target}__Token", key);
        if (string.IsNullOrEmpty(configuration["ObjectStore:EventTopic"]))
        {
            api.WithEnvironment(
                "ObjectStore__EventTopic", $"arn:aws:sns:{S3Extensions.RegionOf(configuration)}:000000000000:{Target}");
        }
    }

    /// <summary>Passes the tokens of configured targets as secret parameters: only the worker sends them.</summary>
    private static void WithTargetTokens(this IResourceBuilder<ProjectResource> worker, ConfigurationManager configuration)
    {
        var builder = worker.ApplicationBuilder;
        foreach (var target in configuration.GetSection(Section).GetChildren().Where(target => target["Token"] is { Length: > 0 }))
        {
            var name = $"notifications-{target.Key}-token";
            var token = builder.ExecutionContext.IsPublishMode
                ? builder.AddParameter(name, secret: true)
                : builder.AddParameter(name, () => target["Token"]!, secret: true);
            worker.WithEnvironment($"Notifications__Targets__{target.Key}__Token", token);
        }
    }
}
