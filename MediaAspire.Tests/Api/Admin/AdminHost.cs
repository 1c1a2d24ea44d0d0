using MediaAspire.Api.Problems;
using MediaAspire.Tests.Harness;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace MediaAspire.Tests.Api.Admin;

/// <summary>An API in this process with some routes of <c>/admin</c>, without keys.</summary>
internal static class AdminHost
{
    /// <summary>Starts it on a database.</summary>
    /// <param name="postgres">The database.</param>
    /// <param name="add">Adds the services of the routes.</param>
    /// <param name="map">Maps the routes.</param>
    public static async Task<WebApplication> StartAsync(
        PostgresFixture postgres, Action<WebApplicationBuilder> add, Action<RouteGroupBuilder> map)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(postgres.Database);
        builder.AddProblems();
        add(builder);
        var app = builder.Build();
        app.UseProblems();
        map(app.MapGroup("/admin"));
        await app.StartAsync();
        return app;
    }
}
