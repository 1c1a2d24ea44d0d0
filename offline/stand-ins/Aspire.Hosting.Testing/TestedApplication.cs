using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Testing;

/// <summary>
/// The application as a test sees it. The AppHost's entry point runs the real one, so starting here means waiting for that, and
/// stopping means ending the entry point.
/// </summary>
internal sealed class TestedApplication(TestedHost host) : DistributedApplication(host)
{
    // The base would run hooks that the entry point's own application runs already.
    public override Task StartAsync(CancellationToken cancellationToken = default) => host.StartAsync(cancellationToken);

    public override Task StopAsync(CancellationToken cancellationToken = default) => host.StopAsync(cancellationToken);

    public override async Task RunAsync(CancellationToken cancellationToken = default)
    {
        await host.StartAsync(cancellationToken);
        await host.WaitForShutdownAsync(cancellationToken);
    }
}

/// <summary>Redirects a host's life to the AppHost's entry point.</summary>
internal sealed class TestedHost(AppHostRun run, DistributedApplication application) : IHost, IAsyncDisposable
{
    public IServiceProvider Services => application.Services;

    public Task StartAsync(CancellationToken cancellationToken = default) => run.WaitUntilStartedAsync(cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken = default) => run.DisposeAsync().AsTask().WaitAsync(cancellationToken);

    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    public ValueTask DisposeAsync() => run.DisposeAsync();
}
