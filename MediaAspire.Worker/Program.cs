using System.Globalization;
using MediaAspire.Core.Cluster;
using MediaAspire.Core.Copies;
using MediaAspire.Core.Database;
using MediaAspire.Core.Files;
using MediaAspire.Core.Media.Postgres;
using MediaAspire.Core.Redis;
using MediaAspire.ServiceDefaults;
using MediaAspire.Worker.Audit;
using MediaAspire.Worker.Confinement;
using MediaAspire.Worker.Database;
using MediaAspire.Worker.Duties;
using MediaAspire.Worker.Fetching;
using MediaAspire.Worker.Images;
using MediaAspire.Worker.Imaging;
using MediaAspire.Worker.Imaging.Child;
using MediaAspire.Worker.Integrity;
using MediaAspire.Worker.Lifecycle;
using MediaAspire.Worker.MediaAccess;
using MediaAspire.Worker.MediaLifecycle;
using MediaAspire.Worker.MediaUploads;
using MediaAspire.Worker.Membership;
using MediaAspire.Worker.MetadataSync;
using MediaAspire.Worker.Motion;
using MediaAspire.Worker.Notifications;
using MediaAspire.Worker.Processing;
using MediaAspire.Worker.Queue;
using MediaAspire.Worker.Quotas;
using MediaAspire.Worker.Rebalancing;
using MediaAspire.Worker.Repair;
using MediaAspire.Worker.Retention;
using MediaAspire.Worker.Scrubbing;
using MediaAspire.Worker.Splitting;
using MediaAspire.Worker.StoreMigration;
using MediaAspire.Worker.Sweeping;
using MediaAspire.Worker.Tags;
using MediaAspire.Worker.Variants;

// A method of its own: the compiler would load every library of the worker before a command begins.
return args switch
{
    [ConfineCommand.Name, ..] => ConfineCommand.Run(args.AsSpan(1)),
    [ImageCommand.Name, var memoryBytes] => await ImageCommand.RunAsync(long.Parse(memoryBytes, CultureInfo.InvariantCulture)),
    ["migrate", ..] => await MigrateCommand.RunAsync(args),
    _ => await RunWorkerAsync(args),
};

static async Task<int> RunWorkerAsync(string[] args)
{
    var builder = WebApplication.CreateBuilder(args);

    builder.AddServiceDefaults();
    builder.AddDiagnosticsToken<ClusterOptions>(cluster => [cluster.Token, cluster.SecondToken]);
    builder.AddMediaDatabase();
    builder.AddDatabaseSettingsCheck();
    builder.AddMediaRedis();
    builder.AddCluster();
    builder.AddFileStore();
    builder.AddCopyFaultReports();
    builder.AddMediaStore();

    builder.AddJobs();
    builder.AddSplitting();
    builder.AddMediaProcessing();
    builder.AddImaging();

    builder.AddDuties();
    builder.AddMembership();
    builder.AddSweeping();
    builder.AddLifecycle();
    builder.AddIntegrity();
    builder.AddRepair();
    builder.AddRebalancing();
    builder.AddScrub();
    builder.AddQuotaDuty();
    builder.AddAuditRetention();
    builder.AddMediaLifecycle();
    builder.AddNotifications();
    builder.AddMediaUploadWork();
    builder.AddMediaAccess();
    builder.AddTagWork();
    builder.AddMetadataSync();
    builder.AddImages();
    builder.AddStoreMigration();
    builder.AddFetching();
    builder.AddVariantWork();
    builder.AddMotionWork();
    builder.AddRetention();

    var app = builder.Build();

    app.MapDefaultEndpoints();

    await app.RunAsync();
    return Environment.ExitCode;
}
