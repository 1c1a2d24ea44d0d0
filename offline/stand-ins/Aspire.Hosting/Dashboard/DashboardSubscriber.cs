using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Dashboard.ResourceService;
using Aspire.Hosting.Dcp;
using Aspire.Hosting.Eventing;
using Aspire.Hosting.Lifecycle;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Aspire.Hosting.Dashboard;

/// <summary>Adds the dashboard to the application before it starts, and says where it is once it runs.</summary>
internal sealed partial class DashboardSubscriber(
    IConfiguration configuration,
    IOptions<DcpOptions> options,
    ResourceServiceHost resourceService,
    ILogger<DistributedApplication> logger) : IDistributedApplicationEventingSubscriber
{
    /// <inheritdoc />
    public Task SubscribeAsync(
        IDistributedApplicationEventing eventing,
        DistributedApplicationExecutionContext executionContext,
        CancellationToken cancellationToken)
    {
        eventing.Subscribe<BeforeStartEvent>(async (@event, token) =>
        {
            var dashboard = DashboardResource.Create(configuration, options.Value, await resourceService.StartAsync(token));
            @event.Model.Resources.Insert(0, dashboard);
            eventing.Subscribe<ResourceReadyEvent>(dashboard, (_, _) => Announce(dashboard));
        });
        return Task.CompletedTask;
    }

    private Task Announce(ExecutableResource dashboard)
    {
        var url = DashboardResource.Frontend(dashboard).Url;
        LogListening(url);

        if (configuration["AppHost:BrowserToken"] is { Length: > 0 } token)
        {
            LogLogin($"{url}/login?t={token}");
        }

        return Task.CompletedTask;
    }

    [LoggerMessage(LogLevel.Information, "Now listening on: {DashboardUrl}")]
    private partial void LogListening(string dashboardUrl);

    [LoggerMessage(LogLevel.Information, "Login to the dashboard at {DashboardLoginUrl}")]
    private partial void LogLogin(string dashboardLoginUrl);
}
