using System.Net;
using Aspire.Hosting.ApplicationModel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Dashboard.ResourceService;

/// <summary>Serves the resource service to the dashboard, on a free port of the loopback interface.</summary>
internal sealed class ResourceServiceHost(
    IConfiguration configuration,
    IHostEnvironment environment,
    IHostApplicationLifetime lifetime,
    ILoggerFactory loggerFactory,
    ResourceNotificationService notifications,
    ResourceLoggerService loggers,
    ResourceCommandService commands) : IAsyncDisposable
{
    private const string ConfiguredKey = "AppHost:ResourceService:ApiKey";

    private readonly ResourceServiceKey _key =
        configuration[ConfiguredKey] is { Length: > 0 } key ? new ResourceServiceKey(key) : ResourceServiceKey.Generate();

    private WebApplication? _application;

    /// <summary>Starts serving.</summary>
    /// <returns>The environment by which the dashboard finds the service.</returns>
    public async Task<IReadOnlyDictionary<string, string>> StartAsync(CancellationToken cancellationToken)
    {
        _application = Build();
        await _application.StartAsync(cancellationToken);

        var addresses = _application.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>();
        return new Dictionary<string, string>
        {
            ["ASPIRE_RESOURCE_SERVICE_ENDPOINT_URL"] = addresses.Addresses.Single(),
            ["DASHBOARD__RESOURCESERVICECLIENT__AUTHMODE"] = "ApiKey",
            ["DASHBOARD__RESOURCESERVICECLIENT__APIKEY"] = _key.Value,
        };
    }

    public async ValueTask DisposeAsync()
    {
        if (_application is not null)
        {
            await _application.DisposeAsync();
        }
    }

    private WebApplication Build()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddSingleton(loggerFactory);
        builder.Services.AddSingleton(configuration);
        builder.Services.AddSingleton(notifications);
        builder.Services.AddSingleton(loggers);
        builder.Services.AddSingleton(commands);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(new AppHostLife(environment.ApplicationName, lifetime.ApplicationStopping));
        builder.Services.AddGrpc();

        // HTTP/2 only: without TLS there is nothing by which both sides could agree on it.
        builder.WebHost.ConfigureKestrel(kestrel =>
            kestrel.Listen(IPAddress.Loopback, port: 0, listen => listen.Protocols = HttpProtocols.Http2));

        var application = builder.Build();
        application.Use(_key.RequireAsync);
        application.MapGrpcService<ResourceGrpcService>();
        return application;
    }
}
