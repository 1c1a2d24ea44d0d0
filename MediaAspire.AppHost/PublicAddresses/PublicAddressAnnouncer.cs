using MediaAspire.AppHost.Data;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MediaAspire.AppHost.PublicAddresses;

/// <summary>Waits until every resource is healthy or has finished successfully, and prints the public addresses and values.</summary>
internal sealed partial class PublicAddressAnnouncer(
    DistributedApplicationModel model,
    ResourceNotificationService notifications,
    TextWriter output,
    bool printSecrets,
    ILogger<PublicAddressAnnouncer> logger) : BackgroundService
{
    private const string DashboardName = "aspire-dashboard";

    // Twice the time that a graph takes to start on a slow machine.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(45);

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var awaited = model.Resources
            .Where(resource => resource is IResourceWithWaitSupport && !resource.Annotations.OfType<ExplicitStartupAnnotation>().Any())
            .Select(resource => WaitUntilSettledAsync(resource, stoppingToken));
        await Task.WhenAll(awaited);

        foreach (var resource in model.Resources.OfType<IResourceWithEndpoints>())
        {
            foreach (var annotation in resource.Annotations.OfType<PublicAddressAnnotation>())
            {
                var address = ToLoopback(new EndpointReference(resource, annotation.EndpointName).Url);
                await AnnounceAsync(annotation.Name, address + annotation.Path);
            }

            foreach (var annotation in resource.Annotations.OfType<PublicValueAnnotation>())
            {
                await AnnounceAsync(annotation, stoppingToken);
            }
        }

        // The address that the dashboard publishes includes its log-in token.
        if (model.Resources.FirstOrDefault(resource => resource.Name == DashboardName) is { } dashboard)
        {
            var running = await notifications.WaitForResourceAsync(
                dashboard.Name, change => DashboardAddress(change.Snapshot) is not null, stoppingToken);
            await AnnounceAsync("dashboard", ToLoopback(DashboardAddress(running.Snapshot)!, withQuery: printSecrets));
        }
    }

    private static string? DashboardAddress(CustomResourceSnapshot snapshot) =>
        snapshot.Urls.FirstOrDefault(url => url.Name is "http" or "https")?.Url;

    // Addresses contain localhost, which some programs resolve only to ::1.
    internal static string ToLoopback(string address, bool withQuery = true)
    {
        var uri = new Uri(address);
        var host = uri.Host == "localhost" ? "127.0.0.1" : uri.Host;
        var pathAndQuery = withQuery ? uri.PathAndQuery : uri.AbsolutePath;
        pathAndQuery = pathAndQuery == "/" ? "" : pathAndQuery;
        return $"{uri.Scheme}://{host}:{uri.Port}{pathAndQuery}";
    }

    private async Task WaitUntilSettledAsync(IResource resource, CancellationToken cancellationToken)
    {
        using var settled = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var warning = WarnAfterPatienceAsync(resource, settled.Token);
        var change = await notifications.WaitForResourceAsync(
            resource.Name, change => IsSettled(change.Snapshot) || HasFailed(change.Snapshot), cancellationToken);
        await settled.CancelAsync();
        await warning;
        if (!IsSettled(change.Snapshot))
        {
            LogFailed(logger, resource.Name, change.Snapshot.State?.Text, change.Snapshot.ExitCode);
            await notifications.WaitForResourceAsync(resource.Name, change => IsSettled(change.Snapshot), cancellationToken);
        }
    }

    /// <summary>Logs once why a running service does not become healthy.</summary>
    private async Task WarnAfterPatienceAsync(IResource resource, CancellationToken settled)
    {
        await Task.Delay(s_patience, TimeProvider.System, settled).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!settled.IsCancellationRequested
            && notifications.TryGetCurrentState(resource.Name, out var current)
            && current.Snapshot.HealthReports.FirstOrDefault(report => report.Status is HealthStatus.Unhealthy) is { } report)
        {
            LogUnhealthy(logger, resource.Name, s_patience.TotalSeconds, report.Description ?? report.ExceptionText);
        }
    }

    private static bool IsSettled(CustomResourceSnapshot snapshot) =>
        snapshot.HealthStatus == HealthStatus.Healthy
        || (snapshot.State?.Text == KnownResourceStates.Finished && snapshot.ExitCode is null or 0);

    private static bool HasFailed(CustomResourceSnapshot snapshot) =>
        snapshot.State?.Text is { } state
        && (state == KnownResourceStates.FailedToStart
            || state == KnownResourceStates.RuntimeUnhealthy
            || state == KnownResourceStates.Exited
            || state == KnownResourceStates.Finished);

    // A secret that a setting gives does not have a file, and the user knows it.
    private async Task AnnounceAsync(PublicValueAnnotation value, CancellationToken cancellationToken)
    {
        if (printSecrets || !value.IsSecret)
        {
            await AnnounceAsync(value.Name, await value.Value.GetValueAsync(cancellationToken) ?? "");
        }
        else if (value.Value is IResource secret && secret.TryGetLastAnnotation<SecretFileAnnotation>(out var file))
        {
            await AnnounceAsync($"{value.Name}-file", file.Path);
        }
    }

    private async Task AnnounceAsync(string name, string value)
    {
        await output.WriteLineAsync($"{name} {value}");
        await output.FlushAsync();
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "{Resource} is not healthy after {Seconds} s: {Reason}")]
    private static partial void LogUnhealthy(ILogger logger, string resource, double seconds, string? reason);

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "{Resource} is {State} (exit code {ExitCode}), and the graph waits for it. See its log in the dashboard.")]
    private static partial void LogFailed(ILogger logger, string resource, string? state, int? exitCode);
}
