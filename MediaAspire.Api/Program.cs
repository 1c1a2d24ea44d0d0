using MediaAspire.Api.Admin;
using MediaAspire.Api.Files;
using MediaAspire.Api.Limits;
using MediaAspire.Api.Listeners;
using MediaAspire.Api.NamedFiles;
using MediaAspire.Api.Problems;
using MediaAspire.Api.Reference;
using MediaAspire.Api.S3;
using MediaAspire.Api.Security;
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
builder.AddListeners();
builder.AddProblems();
builder.AddReference();
builder.AddMediaDatabase();
builder.AddMediaRedis();
builder.AddCluster();
builder.AddFileStore();
builder.AddLimits();
builder.AddCopyFaultReports();
builder.AddJobQueue();
builder.AddFiles();
builder.AddNamedFiles();
builder.AddIntegrityReport();
builder.AddRebalances();
builder.AddScrubbing();
builder.AddAdmin();
builder.AddSecurity();
builder.AddAccessKeys();
builder.AddS3();

var app = builder.Build();

app.UseTrustedProxies();
app.UseS3();
app.UseProblems();
app.UseListeners();
app.UseRouting();
app.UseSecurity();
app.UseLimits();
app.MapDefaultEndpoints(metricsPolicy: Policies.Metrics);
app.MapReference();
app.MapFiles();
app.MapAdmin();

await app.RunAsync();
