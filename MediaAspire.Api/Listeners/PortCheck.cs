using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace MediaAspire.Api.Listeners;

/// <summary>Stops a process that is configured to serve something on a port on which it does not listen.</summary>
/// <param name="server">The HTTP server.</param>
/// <param name="setting">The setting that holds the port.</param>
/// <param name="port">The port; <see langword="null"/> for no check.</param>
internal sealed class PortCheck(IServer server, string setting, int? port) : IHostedLifecycleService
{
    /// <exception cref="InvalidOperationException">The process does not listen on the port.</exception>
    public Task StartedAsync(CancellationToken cancellationToken)
    {
        var addresses = server.Features.Get<IServerAddressesFeature>()?.Addresses ?? [];
        return port is not null && !addresses.Any(address => BindingAddress.Parse(address).Port == port)
            ? throw new InvalidOperationException(
                $"{setting} is {port}, but the process listens on {string.Join(", ", addresses)}. "
                + $"Add http://*:{port} to ASPNETCORE_URLS, or {port} to HTTP_PORTS.")
            : Task.CompletedTask;
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
