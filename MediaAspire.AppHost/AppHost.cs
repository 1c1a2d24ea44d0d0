using MediaAspire.AppHost;
using MediaAspire.AppHost.Data;
using MediaAspire.AppHost.Engines;
using MediaAspire.AppHost.PublicAddresses;
using MediaAspire.AppHost.Publishing;
using MediaAspire.AppHost.S3;
using MediaAspire.AppHost.Security;
using MediaAspire.AppHost.Settings;
using MediaAspire.AppHost.StorageCluster;

try
{
    var builder = DistributedApplication.CreateBuilder(AppHostOptions.ForBuilder(args));
    builder.AddSettingsFiles();
    var options = AppHostOptions.Read(builder.Configuration, builder.AppHostDirectory);
    builder.RefuseToPublishOpenGraph();
    builder.RefuseToRunWithClusterTls();
    var data = builder.AddDataDirectory(options);
    var engines = builder.AddEngines(options, data);
    var database = builder.AddDatabaseAccess(engines.Media, options, data);
    var s3Keys = builder.AddS3Keys(data);
    var adminKey = builder.AddAdminKey(data);
    var eventsKey = builder.AddEventsKey(data);
    var clusterToken = builder.AddClusterToken(data);

    var migrations = builder.AddProject<Projects.MediaAspire_Worker>("migrations", launchProfileName: null)
        .WithAppHostEnvironment()
        .WithIconName("DatabaseArrowUp")
        .AsPublishedContainer()
        .WithArgs("migrate")
        .WithSettings("Database", "Migrations")
        .WithDatabaseOwner(database)
        .WaitFor(engines.Media);

    var storage = builder.AddStorageCluster("storage", clusterToken.Current)
        .WithNodes<Projects.MediaAspire_Storage>(options.StorageNodes, data.Path, node => node
            .WithAppHostEnvironment()
            .WithSettings(
                "Cluster", "Database", "Security:Open", "Storage:CapacityBytes", "Storage:ReserveSpaceBytes", "Storage:AllowEphemeralData",
                "Storage:TrashRetention", "Storage:TrashYields")
            .WithClusterToken(clusterToken)
            .WithDatabaseOfNodes(database)
            .WaitForCompletion(migrations));

    var worker = builder.AddProject<Projects.MediaAspire_Worker>("worker", launchProfileName: null)
        .WithAppHostEnvironment()
        .WithSettings(
            "Imaging",
            "Chunks", "Cluster", "Uploads", "Staging", "Jobs", "Splitting", "Duties", "Membership", "Sweeping", "Integrity", "Repair",
            "Rebalancing", "Scrubbing", "Lifecycle", "Quotas", "Audit", "Notifications", "ObjectStore", "Media", "MediaObjects",
            "Security:Open", "Database", "Redis", "Metadata", "Images", "Fetching")
        .WithClusterToken(clusterToken)
        .WithReplicas(options.WorkerReplicas)
        .WithIconName("WrenchScrewdriver")
        .WithHttpEndpoint()
        .AsPublishedContainer()
        .WithHttpHealthCheck("/health")
        .WithLinks("http", "Worker", ("/health", "Health"))
        .WithDatabase(database, database.Connections.OfWorker)
        .WithReference(engines.Redis)
        .WaitFor(engines.Redis)
        .WaitForCompletion(migrations)
        .WithReference(storage);

    var api = builder.AddProject<Projects.MediaAspire_Api>("api", launchProfileName: null)
        .WithAppHostEnvironment()
        .WithSettings(
            "Chunks", "Cluster", "Files", "Uploads", "Staging", "Jobs", "Repair", "Rebalancing", "S3", "ObjectStore", "Admin", "Security",
            "Limits", "AllowedHosts", "Audit", "Console", "Notifications", "Media", "MediaSearch", "Database", "Redis", "Metadata", "Images",
            "Fetching")
        .WithClusterToken(clusterToken)
        .WithReplicas(options.ApiReplicas)
        .WithIconName("Globe")
        .WithPublicEndpoint("http", options.ApiReplicas, options.ApiPort)
        .WithPublicAddress("http")
        .WithAdminEndpoint(options, adminKey, data)
        .WithS3Endpoint(options, s3Keys)
        .WithImageKeys(data)
        .WithConfiguredSecret("Console:OpenIdConnect:ClientSecret")
        .WithAddressOfMedia("http")
        .AsPublishedContainer()
        .WithHttpHealthCheck("/health", endpointName: "http")
        .WithDatabase(database, database.Connections.OfApi)
        .WithReference(engines.Redis)
        .WaitFor(engines.Redis)
        .WaitForCompletion(migrations)
        .WithReference(storage)
        .WithLinks("http", "API", ("/health", "Health"))
        .WithLinks(AdminExtensions.EndpointName, "Admin", ("/console", "Console"))
        .WithLinks(S3Extensions.EndpointName, "S3");

    api.WithObjectStore(engines.ObjectStore, s3Keys, worker);
    worker.WithUploadEvents(api, engines.ObjectStore, eventsKey);
    storage.WithAdministration(new AdminApi(api.GetEndpoint(AdminExtensions.EndpointName), adminKey.Resource));

    builder.AddPublicAddresses(options);
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
