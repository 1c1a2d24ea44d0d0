using MediaAspire.Api.Admin;
using MediaAspire.Api.Files;
using MediaAspire.Api.NamedFiles;
using MediaAspire.Api.Problems;
using MediaAspire.Api.Reference;
using MediaAspire.Api.S3;
using MediaAspire.Core.AccessKeys;
using MediaAspire.Core.Cluster;
using MediaAspire.Core.Copies;
using MediaAspire.Core.Database;
using MediaAspire.Core.Files;
using MediaAspire.Core.Integrity;
using MediaAspire.Core.Jobs;
using MediaAspire.Core.Rebalancing;
using MediaAspire.Core.Redis;
using MediaAspire.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);

builder.AddServiceDefaults();
builder.AddTransferBuffers();
builder.AddProblems();
builder.AddReference();
builder.AddMediaDatabase();
builder.AddDatabaseSettingsCheck();
builder.AddMediaRedis();
builder.AddCluster();
builder.AddFileStore();
builder.AddCopyFaultReports();
builder.AddJobQueue();
builder.AddFiles();
builder.AddNamedFiles();
builder.AddIntegrityReport();
builder.AddRebalances();
builder.AddScrubbing();
builder.AddAdmin();
builder.AddAccessKeys();
builder.AddS3();

var app = builder.Build();

app.UseS3();
app.UseProblems();
app.UseRouting();
app.MapDefaultEndpoints();
app.MapReference();
app.MapFiles();
app.MapAdmin();

await app.RunAsync();
