using MediaAspire.AppHost.Engines;
using MediaAspire.AppHost.PublicAddresses;
using MediaAspire.AppHost.Publishing;
using MediaAspire.AppHost.Settings;
using Microsoft.Extensions.Configuration;

namespace MediaAspire.AppHost.S3;

/// <summary>Adds the S3 API to the graph.</summary>
internal static class S3Extensions
{
    /// <summary>The name of the API's endpoint that serves only S3.</summary>
    public const string EndpointName = "s3";

    private const int PublishedPort = 9000;
    private const string ConnectionName = "s3";
    private const string DefaultRegion = "us-east-1";

    /// <summary>Adds the endpoint <c>s3</c> with its secrets, and prints its address and the graph's own key.</summary>
    /// <remarks>As with the endpoint <c>http</c>, a single process is reached without a proxy.</remarks>
    public static IResourceBuilder<ProjectResource> WithS3Endpoint(
        this IResourceBuilder<ProjectResource> api, AppHostOptions options, S3Keys keys)
    {
        api.WithPublicEndpoint(EndpointName, options.ApiReplicas, options.S3Port).WithPublishedPort(EndpointName, PublishedPort);

        for (var i = 0; i < keys.OldSecretsKeys.Count; i++)
        {
            api.WithEnvironment($"S3__OldSecretsKeys__{i}", keys.OldSecretsKeys[i]);
        }

        // Not by the endpoint's own "env", which would remove the endpoint from ASPNETCORE_URLS.
        return api
            .WithEnvironment("S3__Port", api.GetEndpoint(EndpointName).Property(EndpointProperty.TargetPort))
            .WithEnvironment("S3__SecretsKey", keys.SecretsKey)
            .WithEnvironment("S3__RootAccessKey", keys.RootAccessKey)
            .WithEnvironment("S3__RootSecretKey", keys.RootSecretKey)
            .WithPublicAddress(EndpointName, "s3")
            .WithPublicValue("s3-access-key", keys.RootAccessKey.Resource)
            .WithPublicSecret("s3-secret-key", keys.RootSecretKey);
    }

    /// <summary>References the object store in the API and in further projects, as connection string <c>s3</c>.</summary>
    /// <param name="api">The API, with its endpoint.</param>
    /// <param name="objectStore">The store; <see langword="null"/> for the API's own S3.</param>
    /// <param name="keys">The graph's own key.</param>
    /// <param name="others">The other projects that use the store.</param>
    /// <remarks>
    /// No project waits for the API's own S3: the API would wait for itself, and a worker that starts first tries again until it answers.
    /// </remarks>
    public static void WithObjectStore(
        this IResourceBuilder<ProjectResource> api,
        IResourceBuilder<IResourceWithConnectionString>? objectStore,
        S3Keys keys,
        params IReadOnlyList<IResourceBuilder<ProjectResource>> others)
    {
        var store = objectStore ?? api.AddOwnObjectStore(ConnectionName, keys);
        foreach (var project in others.Append(api))
        {
            project.WithReference(store, ConnectionName);
            if (objectStore is not null)
            {
                project.WaitFor(objectStore);
            }
        }
    }

    /// <summary>Gets the region of the API's own S3.</summary>
    public static string RegionOf(IConfiguration configuration) =>
        configuration["S3:Region"] is { Length: > 0 } configured ? configured : DefaultRegion;

    /// <summary>Adds the API's own S3 as a connection string in the format of any other S3 server.</summary>
    private static IResourceBuilder<IResourceWithConnectionString> AddOwnObjectStore(
        this IResourceBuilder<ProjectResource> api, [ResourceName] string name, S3Keys keys)
    {
        var url = api.GetEndpoint(EndpointName).Property(EndpointProperty.Url);
        var region = RegionOf(api.ApplicationBuilder.Configuration);

        return api.ApplicationBuilder
            .AddConnectionString(
                name,
                ReferenceExpression.Create($"""
                Endpoint={url};AccessKey={keys.RootAccessKey};SecretKey={keys.RootSecretKey};Region={region};Bucket={EngineSet.BucketName}
                """))
            .WithIconName("BoxMultiple")
            .WithConnectionProperty("Uri", ReferenceExpression.Create($"{url}"))
            .WithConnectionProperty("AccessKey", ReferenceExpression.Create($"{keys.RootAccessKey}"))
            .WithConnectionProperty("SecretKey", ReferenceExpression.Create($"{keys.RootSecretKey}"))
            .WithConnectionProperty("Region", region)
            .WithConnectionProperty("BucketName", EngineSet.BucketName);
    }
}
