using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Dashboard;
using Aspire.Hosting.Dashboard.ResourceService;
using Aspire.Hosting.Dcp;
using Aspire.Hosting.Health;
using Aspire.Hosting.Lifecycle;
using Aspire.Hosting.Orchestrator;
using Aspire.Hosting.Publishing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting;

/// <summary>Registers the services of an application.</summary>
internal static class HostingServices
{
    public static void Add(DistributedApplicationBuilder builder, HostApplicationBuilder host, DistributedApplicationOptions options)
    {
        var services = host.Services;

        host.Logging.AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Warning);
        host.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        host.Logging.AddFilter("Grpc", LogLevel.Warning);
        host.Logging.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks.DefaultHealthCheckService", LogLevel.None);

        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(options);
        services.AddSingleton(builder.ExecutionContext);
        services.AddSingleton(builder.Eventing);
        services.AddSingleton(_ => new DistributedApplicationModel(builder.Resources));
        services.AddSingleton(provider => new ResourceLoggerService(provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<ResourceNotificationService>();
        services.AddSingleton(provider => new ResourceCommandService(
            provider.GetRequiredService<ResourceNotificationService>(), provider.GetRequiredService<ResourceLoggerService>(), provider));
        services.Configure<ResourceNotificationServiceOptions>(waiting => waiting.DefaultWaitBehavior =
            options.DisableDashboard ? WaitBehavior.StopOnResourceUnavailable : WaitBehavior.WaitOnResourceUnavailable);
        services.AddHealthChecks();
        services.AddHttpClient();
        ManifestPublishingService.AddTo(services, builder.ExecutionContext);

        if (builder.ExecutionContext.IsRunMode)
        {
            AddRunning(services, host.Configuration, options);
        }
    }

    private static void AddRunning(IServiceCollection services, ConfigurationManager configuration, DistributedApplicationOptions options)
    {
        services.Configure<DcpOptions>(dcp => DcpOptions.Configure(dcp, configuration, options));
        services.AddSingleton<DcpHost>();
        services.AddSingleton<EndpointAllocator>();
        services.AddSingleton<InstanceSpecs>();
        services.AddSingleton<InstanceRunner>();
        services.AddSingleton<ResourceStarter>();
        services.AddSingleton<ResourceUrlBuilder>();
        services.AddSingleton<ApplicationOrchestrator>();

        if (!options.DisableDashboard)
        {
            DashboardSecrets.Add(configuration);
            services.AddSingleton<ResourceServiceHost>();
            services.AddEventingSubscriber<DashboardSubscriber>();
        }

        // The orchestrator comes last: health and logs are followed from the start, and to the end.
        services.AddHostedService<ResourceHealthCheckService>();
        if (options.EnableResourceLogging)
        {
            services.AddHostedService<LoggerLogWriter>();
        }
        else if (!Console.IsOutputRedirected)
        {
            services.AddHostedService<ConsoleLogWriter>();
        }

        services.AddHostedService(provider => provider.GetRequiredService<ApplicationOrchestrator>());
    }
}
