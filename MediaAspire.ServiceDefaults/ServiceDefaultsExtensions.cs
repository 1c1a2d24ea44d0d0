using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace MediaAspire.ServiceDefaults;

/// <summary>The services and endpoints of every process of the graph.</summary>
public static class ServiceDefaultsExtensions
{
    /// <summary>Adds telemetry, health checks and service discovery, and takes the name of the server out of its responses.</summary>
    public static TBuilder AddServiceDefaults<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        builder.AddTelemetry();
        builder.AddHealth();
        builder.AddDiscovery();
        builder.Services.Configure<KestrelServerOptions>(server => server.AddServerHeader = false);

        return builder;
    }

    /// <summary>Maps <c>/health</c> (ready), <c>/alive</c> (live) and <c>/metrics</c>.</summary>
    /// <param name="app">The process.</param>
    /// <param name="metricsPolicy">The policy of <c>/metrics</c> in a process with authorization.</param>
    public static WebApplication MapDefaultEndpoints(this WebApplication app, string? metricsPolicy = null)
    {
        app.MapHealth();
        app.MapMetrics(metricsPolicy);

        return app;
    }
}
