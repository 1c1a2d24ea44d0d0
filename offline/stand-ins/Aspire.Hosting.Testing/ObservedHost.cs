using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Testing;

/// <summary>The host that the AppHost's entry point runs; tells when it has started, or why it has not.</summary>
internal sealed class ObservedHost(IHost inner, AppHostRun run) : IHost, IAsyncDisposable
{
    private bool _disposed;

    public IServiceProvider Services => inner.Services;

    /// <summary>Puts an observed host in the place of the one that is registered.</summary>
    public static void Register(IServiceCollection services, AppHostRun run)
    {
        var registered = services.Single(service => service.ServiceType == typeof(IHost) && !service.IsKeyedService);
        services.Remove(registered);
        services.AddSingleton<IHost>(provider => new ObservedHost(Create(registered, provider), run));
    }

    public async Task StartAsync(CancellationToken cancellationToken = default)
    {
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, run.Stopping);
        try
        {
            await inner.StartAsync(stopping.Token);
            run.ReportStarted();
        }
        catch (Exception exception)
        {
            run.ReportFailure(exception);
            throw;
        }
    }

    public Task StopAsync(CancellationToken cancellationToken = default) => inner.StopAsync(cancellationToken);

    public void Dispose()
    {
        if (!_disposed)
        {
            _disposed = true;
            inner.Dispose();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        if (inner is IAsyncDisposable disposable)
        {
            await disposable.DisposeAsync();
        }
        else
        {
            inner.Dispose();
        }
    }

    private static IHost Create(ServiceDescriptor registered, IServiceProvider provider) =>
        (IHost)(registered.ImplementationInstance
            ?? registered.ImplementationFactory?.Invoke(provider)
            ?? ActivatorUtilities.CreateInstance(provider, registered.ImplementationType!));
}
