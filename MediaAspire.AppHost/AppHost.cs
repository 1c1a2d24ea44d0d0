using MediaAspire.AppHost;
using MediaAspire.AppHost.Data;
using MediaAspire.AppHost.Engines;
using MediaAspire.AppHost.PublicAddresses;
using MediaAspire.AppHost.Publishing;
using MediaAspire.AppHost.S3;
using MediaAspire.AppHost.Settings;
using MediaAspire.AppHost.StorageCluster;

try
{
    var builder = DistributedApplication.CreateBuilder(AppHostOptions.ForBuilder(args));
    builder.AddSettingsFiles();
    var options = AppHostOptions.Read(builder.Configuration, builder.AppHostDirectory);
    var data = builder.AddDataDirectory(options);
    var engines = builder.AddEngines(options, data);
    var database = builder.AddDatabaseAccess(engines.Media, options, data);
    var s3Keys = builder.AddS3Keys(data);
    var clusterToken = builder.AddPublishedClusterToken();

    var migrations = builder.AddProject<Projects.MediaAspire_Worker>("migrations", launchProfileName: null)
        .WithAppHostEnvironment()
        .WithIconName("DatabaseArrowUp")
        .AsPublishedContainer()
        .WithArgs("migrate")
        .WithDatabaseOwner(database)
        .WaitFor(engines.Media);

    var storage = builder.AddStorageCluster("storage")
        .WithNodes<Projects.MediaAspire_Storage>(options.StorageNodes, data.Path, node => node
            .WithAppHostEnvironment()
            .WithSettings("Cluster", "Storage:CapacityBytes", "Storage:ReserveSpaceBytes", "Storage:AllowEphemeralData")
            .WithPublishedClusterToken(clusterToken)
            .WithDatabaseOfNodes(database)
            .WaitForCompletion(migrations));

    builder.AddProject<Projects.MediaAspire_Worker>("worker", launchProfileName: null)
        .WithAppHostEnvironment()
        .WithSettings(
            "Chunks", "Cluster", "Uploads", "Staging", "Jobs", "Splitting", "Duties", "Membership", "Sweeping", "Integrity", "Repair",
            "Rebalancing", "Scrubbing", "Lifecycle")
        .WithPublishedClusterToken(clusterToken)
        .WithReplicas(options.WorkerReplicas)
        .WithIconName("WrenchScrewdriver")
        .WithHttpEndpoint()
        .AsPublishedContainer()
        .WithHttpHealthCheck("/health")
        .WithLinks("http", "Worker", ("/health", "Health"), ("/metrics", "Metrics"))
        .WithDatabase(database, database.Connections.OfWorker)
        .WithReference(engines.Redis)
        .WaitFor(engines.Redis)
        .WaitForCompletion(migrations)
        .WithReference(storage);

    var api = builder.AddProject<Projects.MediaAspire_Api>("api", launchProfileName: null)
        .WithAppHostEnvironment()
        .WithSettings("Chunks", "Cluster", "Files", "Uploads", "Staging", "Jobs", "Repair", "Rebalancing", "S3")
        .WithPublishedClusterToken(clusterToken)
        .WithReplicas(options.ApiReplicas)
        .WithIconName("Globe")
        .WithPublicEndpoint("http", options.ApiReplicas, options.ApiPort)
        .WithS3Endpoint(options, s3Keys)
        .AsPublishedContainer()
        .WithHttpHealthCheck("/health", endpointName: "http")
        .WithDatabase(database, database.Connections.OfApi)
        .WithReference(engines.Redis)
        .WithObjectStore(engines.ObjectStore, s3Keys)
        .WaitFor(engines.Redis)
        .WaitForCompletion(migrations)
        .WithReference(storage)
        .WithLinks("http", "API", ("/scalar", "Reference"), ("/openapi/v1.json", "OpenAPI"), ("/health", "Health"), ("/metrics", "Metrics"))
        .WithLinks(S3Extensions.EndpointName, "S3")
        .WithPublicAddress("http");

    storage.WithAdministration(api.GetEndpoint("http"));

    builder.AddPublicAddresses();
    builder.AddPublishedManifest();

    await builder.Build().RunAsync();
    return 0;
}
catch (DistributedApplicationException failure)
{
    // The user fixes a wrong setting or a missing program; a stack trace would hide the sentence that says how.
    await Console.Error.WriteLineAsync(failure.Message);
    return 1;
}
