using MediaAspire.Core.Cluster;
using MediaAspire.Core.Database;
using MediaAspire.ServiceDefaults;
using MediaAspire.Storage.Chunks;
using MediaAspire.Storage.Health;
using MediaAspire.Storage.Membership;
using MediaAspire.Storage.Server;
using MediaAspire.Storage.Volumes;

var builder = WebApplication.CreateBuilder(args);

builder.AddServiceDefaults();
builder.AddDiagnosticsToken<ClusterOptions>(cluster => [cluster.Token, cluster.SecondToken]);
builder.AddTransferBuffers();
builder.AddMediaDatabase();
builder.AddChunkStore();
builder.AddMembership();
builder.AddNodeHealth();
builder.AddChunkServer();

var app = builder.Build();

app.MapDefaultEndpoints();
app.MapChunkStore();
app.MapNodeHealth();

try
{
    await app.RunAsync();
    return 0;
}
catch (DataDirectoryException exception)
{
    await Console.Error.WriteLineAsync(exception.Message);
    return 1;
}
