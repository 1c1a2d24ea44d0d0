using MediaAspire.Api.S3.Protocol;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Options;

namespace MediaAspire.Api.S3;

/// <summary>Stops a process that is configured to serve S3 on a port on which it does not listen.</summary>
internal sealed class S3PortCheck(IServer server, IOptions<S3Options> options) : IHostedLifecycleService
{
    /// <exception cref="InvalidOperationException">The process does not listen on the port.</exception>
    public Task StartedAsync(CancellationToken cancellationToken)
    {
        var addresses = server.Features.Get<IServerAddressesFeature>()?.Addresses ?? [];
        return options.Value.Port is { } port && !addresses.Any(address => BindingAddress.Parse(address).Port == port)
            ? throw new InvalidOperationException(
                $"{S3Options.SectionName}:{nameof(S3Options.Port)} is {port}, but the process listens on {string.Join(", ", addresses)}. "
                + $"Add http://*:{port} to ASPNETCORE_URLS.")
            : Task.CompletedTask;
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
