using MediaAspire.Core.Cluster;
using MediaAspire.Core.Database;
using MediaAspire.Core.Files;
using MediaAspire.ServiceDefaults;
using MediaAspire.Worker.Database;
using MediaAspire.Worker.Duties;
using MediaAspire.Worker.Queue;
using MediaAspire.Worker.Splitting;
using MediaAspire.Worker.Integrity;
using MediaAspire.Worker.Rebalancing;
using MediaAspire.Worker.Repair;
using MediaAspire.Worker.Sweeping;
using MediaAspire.Worker.Membership;
using MediaAspire.Worker.Scrubbing;
using MediaAspire.Worker.Queue;

if (args is ["migrate", ..])
{
    return await MigrateCommand.RunAsync(args);
}

var builder = WebApplication.CreateBuilder(args);

builder.AddServiceDefaults();
builder.AddMediaDatabase();
builder.AddRedisClient("redis");
builder.AddCluster();
builder.AddFileStore();
builder.AddDuties();
builder.AddRepair();
builder.AddRebalancing();
builder.AddJobs();
builder.AddSplitting();
builder.AddSweeping();
builder.AddIntegrity();
builder.AddMembership();
builder.AddScrub();
builder.AddJobs();

var app = builder.Build();

app.MapDefaultEndpoints();

await app.RunAsync();
return 0;
