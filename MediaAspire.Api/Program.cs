using MediaAspire.Api.Admin;
using MediaAspire.Api.Files;
using MediaAspire.Api.NamedFiles;
using MediaAspire.Api.Problems;
using MediaAspire.Api.S3;
using MediaAspire.Core.AccessKeys;
using MediaAspire.Core.Cluster;
using MediaAspire.Core.Database;
using MediaAspire.Core.Durability;
using MediaAspire.Core.Files;
using MediaAspire.Core.Jobs;
using MediaAspire.Core.Redis;
using MediaAspire.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);

builder.AddServiceDefaults();
builder.AddTransferBuffers();
builder.AddProblems();
builder.AddMediaDatabase();
builder.AddMediaRedis();
builder.AddCluster();
builder.AddFileStore();
builder.AddCopyFaultReports();
builder.AddJobQueue();
builder.AddFiles();
builder.AddNamedFiles();
builder.AddDurability();
builder.AddRebalances();
builder.AddScrubbing();
builder.AddAdmin();
builder.AddAccessKeys();
builder.AddS3();
builder.Services.AddOpenApi();

var app = builder.Build();

app.UseS3();
app.UseProblems();
app.UseRouting();
app.MapDefaultEndpoints();
app.MapOpenApi();
app.MapFiles();
app.MapAdmin();

await app.RunAsync();
