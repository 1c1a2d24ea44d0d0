using MediaAspire.Tests.Harness;
using MediaAspire.Worker.Duties;
using MediaAspire.Worker.Notifications;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MediaAspire.Tests.Notifications;

/// <summary>The worker's part of notifications. Its duties run by themselves once it is started, or one run at a time by a test.</summary>
internal sealed class NotificationWorker : IDisposable
{
    private readonly IHost _host;

    public NotificationWorker(PostgresFixture postgres, string? url, params (string Key, string Value)[] settings)
    {
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Configuration.AddInMemoryCollection(
            settings.Select(setting => KeyValuePair.Create<string, string?>($"Notifications:{setting.Key}", setting.Value)));
        if (url is not null)
        {
            builder.Configuration[$"Notifications:Targets:{NotifyingBuckets.Target}:Url"] = url;
        }

        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(postgres.Database);
        builder.AddDuties();
        builder.AddNotifications();
        _host = builder.Build();
    }

    public T Get<T>()
        where T : notnull => _host.Services.GetRequiredService<T>();

    /// <summary>Makes the duty of a target, for single runs.</summary>
    public NotificationDuty Duty(string target = NotifyingBuckets.Target) =>
        ActivatorUtilities.CreateInstance<NotificationDuty>(_host.Services, target);

    public Task<long> RunAsync(CancellationToken cancellationToken = default) => Duty().RunAsync(cancellationToken);

    public Task<long> TrimAsync() => Get<NotificationRetentionDuty>().RunAsync(CancellationToken.None);

    public Task StartAsync() => _host.StartAsync();

    public Task StopAsync() => _host.StopAsync();

    public async Task<HealthReportEntry> HealthAsync() =>
        (await Get<HealthCheckService>().CheckHealthAsync(registration => registration.Name == "notifications")).Entries["notifications"];

    public void Dispose() => _host.Dispose();
}
