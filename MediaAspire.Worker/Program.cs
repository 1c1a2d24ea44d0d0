using MediaAspire.Core.Chunks;
using MediaAspire.Core.Cluster;
using MediaAspire.Core.Database;
using MediaAspire.ServiceDefaults;
using MediaAspire.Worker.Database;
using MediaAspire.Worker.Duties;
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
builder.AddChunkNodeClients();
builder.AddDuties();
builder.AddRepair();
builder.AddRebalancing();
builder.AddSweeping();
builder.AddIntegrity();
builder.AddMembership();
builder.AddScrub();
builder.AddJobs();

var app = builder.Build();

app.MapDefaultEndpoints();

await app.RunAsync();
return 0;
