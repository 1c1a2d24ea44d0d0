using MediaAspire.Core.Cluster;
using MediaAspire.Core.Database;
using MediaAspire.Core.Files;
using MediaAspire.ServiceDefaults;
using MediaAspire.Worker.Database;
using MediaAspire.Worker.Duties;
using MediaAspire.Worker.Queue;
using MediaAspire.Worker.Splitting;
using MediaAspire.Worker.Integrity;
using MediaAspire.Worker.Sweeping;

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
builder.AddJobs();
builder.AddSplitting();
builder.AddSweeping();
builder.AddIntegrity();

var app = builder.Build();

app.MapDefaultEndpoints();

await app.RunAsync();
return 0;
