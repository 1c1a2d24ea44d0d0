using MediaAspire.Core.Database;
using MediaAspire.ServiceDefaults;
using MediaAspire.Worker.Database;

if (args is ["migrate", ..])
{
    return await MigrateCommand.RunAsync(args);
}

var builder = WebApplication.CreateBuilder(args);

builder.AddServiceDefaults();
builder.AddMediaDatabase();
builder.AddRedisClient("redis");

var app = builder.Build();

app.MapDefaultEndpoints();

await app.RunAsync();
return 0;
