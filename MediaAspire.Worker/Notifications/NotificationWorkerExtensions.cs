using MediaAspire.Core.Notifications;
using MediaAspire.Worker.Duties;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace MediaAspire.Worker.Notifications;

internal static class NotificationWorkerExtensions
{
    /// <summary>Adds a duty for each target that sends its events, and one that bounds them; needs the database and the duties.</summary>
    public static IHostApplicationBuilder AddNotifications(this IHostApplicationBuilder builder)
    {
        builder.AddNotificationSettings();
        builder.Services.TryAddSingleton<NotificationOutbox>();
        builder.Services.TryAddSingleton<NotificationRetention>();
        builder.Services.TryAddSingleton<NotificationMetrics>();
        builder.Services.TryAddSingleton<NotificationSender>();
        builder.Services.AddHttpClient(NotificationSender.ClientName, client => client.Timeout = Timeout.InfiniteTimeSpan)
            .RemoveAllLoggers()
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                UseCookies = false,
                PooledConnectionLifetime = TimeSpan.FromMinutes(2),
            });
        builder.Services.AddDuty<NotificationRetentionDuty>();

        var section = builder.Configuration.GetSection($"{NotificationOptions.SectionName}:{nameof(NotificationOptions.Targets)}");
        string[] targets = [.. section.GetChildren().Select(target => target.Key)];
        foreach (var target in targets)
        {
            builder.Services.AddSingleton<IHostedService>(services => ActivatorUtilities.CreateInstance<DutyRunner>(
                services, ActivatorUtilities.CreateInstance<NotificationDuty>(services, target)));
        }

        builder.Services.AddHealthChecks().Add(new HealthCheckRegistration(
            "notifications",
            services => ActivatorUtilities.CreateInstance<NotificationHealthCheck>(services, (IReadOnlyCollection<string>)targets),
            HealthStatus.Degraded,
            tags: null));

        return builder;
    }
}
