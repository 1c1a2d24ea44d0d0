using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Hosting;

namespace MediaAspire.ServiceDefaults;

/// <summary>The services and endpoints of every process of the graph.</summary>
public static class ServiceDefaultsExtensions
{
    /// <summary>Adds telemetry, health checks and service discovery.</summary>
    public static TBuilder AddServiceDefaults<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        builder.AddTelemetry();
        builder.AddHealth();
        builder.AddDiscovery();

        return builder;
    }

    /// <summary>Maps <c>/health</c> (ready), <c>/alive</c> (live) and <c>/metrics</c>.</summary>
    public static WebApplication MapDefaultEndpoints(this WebApplication app)
    {
        app.MapHealth();
        app.MapMetrics();

        return app;
    }
}
