using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Aspire.Hosting.Testing;

/// <summary>One run of an AppHost's entry point, on a thread of its own.</summary>
/// <remarks>The entry point is held where it builds its application until the test asks for it.</remarks>
internal sealed class AppHostRun(
    Assembly assembly, string[] args, Action<DistributedApplicationOptions, HostApplicationBuilderSettings> configure) : IAsyncDisposable
{
    private readonly TaskCompletionSource<IDistributedApplicationBuilder> _builder = NewSource<IDistributedApplicationBuilder>();
    private readonly TaskCompletionSource<DistributedApplication> _application = NewSource<DistributedApplication>();
    private readonly TaskCompletionSource<bool> _started = NewSource<bool>();
    private readonly TaskCompletionSource<bool> _exited = NewSource<bool>();
    private readonly ManualResetEventSlim _mayBuild = new();
    private readonly CancellationTokenSource _stopping = new();
    private IHostApplicationLifetime? _lifetime;
    private TimeSpan _shutdownTimeout;
    private Task? _disposal;

    /// <summary>Gets the token that is cancelled when the test has no more use for the AppHost.</summary>
    public CancellationToken Stopping => _stopping.Token;

    /// <summary>Starts the entry point and waits until it is about to build its application.</summary>
    /// <exception cref="InvalidOperationException">There is no entry point, or it ended without building.</exception>
    public Task<IDistributedApplicationBuilder> StartAsync(CancellationToken cancellationToken)
    {
        var entryPoint = assembly.EntryPoint
            ?? throw new InvalidOperationException($"The assembly '{assembly.GetName().Name}' does not have an entry point.");

        // A thread of its own, because the entry point blocks; in the background, so that a hanging AppHost cannot keep the process.
        new Thread(() => Run(entryPoint)) { IsBackground = true, Name = $"{assembly.GetName().Name}.EntryPoint" }.Start();
        return _builder.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Lets the entry point go on, and waits for the application that it builds.</summary>
    public Task<DistributedApplication> BuildAsync(CancellationToken cancellationToken)
    {
        _mayBuild.Set();
        return _application.Task.WaitAsync(cancellationToken);
    }

    public Task WaitUntilStartedAsync(CancellationToken cancellationToken) => _started.Task.WaitAsync(cancellationToken);

    public void OnConstructing(DistributedApplicationOptions options, HostApplicationBuilderSettings settings)
    {
        TestConfiguration.ApplyDefaults(options, settings, args, assembly);
        configure(options, settings);
        TestConfiguration.ApplyLaunchProfile(settings, assembly);
    }

    public static void OnConstructed(IDistributedApplicationBuilder builder) => builder.Services.AddHttpClient();

    public void OnBuilding(IDistributedApplicationBuilder builder)
    {
        ObservedHost.Register(builder.Services, this);
        _builder.TrySetResult(builder);

        // Throws where the test gives up without building, which ends the entry point.
        _mayBuild.Wait(_stopping.Token);
    }

    public void OnBuilt(DistributedApplication application)
    {
        // Asked for now, because the entry point disposes of the services as soon as it ends, on whatever thread.
        _lifetime = application.Services.GetRequiredService<IHostApplicationLifetime>();
        _shutdownTimeout = application.Services.GetRequiredService<IOptions<HostOptions>>().Value.ShutdownTimeout;
        _application.TrySetResult(application);
    }

    public void ReportStarted() => _started.TrySetResult(true);

    public void ReportFailure(Exception exception)
    {
        _builder.TrySetException(exception);
        _application.TrySetException(exception);
        _started.TrySetException(exception);
    }

    /// <summary>Stops the AppHost and waits until its entry point has returned. May be called more than once.</summary>
    /// <exception cref="TimeoutException">It does not return within the host's shutdown timeout.</exception>
    public ValueTask DisposeAsync()
    {
        lock (_stopping)
        {
            _disposal ??= StopAsync();
        }

        return new ValueTask(_disposal);
    }

    private void Run(MethodInfo entryPoint)
    {
        using var observer = new AppHostObserver(this);
        try
        {
            observer.Attach();
            entryPoint.Invoke(null, entryPoint.GetParameters().Length == 0 ? [] : [args]);
            ReportFailure(new InvalidOperationException($"The entry point exited without building a {nameof(DistributedApplication)}."));
        }
        catch (TargetInvocationException exception)
        {
            // The test hears of it where it waits; here is nobody to throw to.
            ReportFailure(exception.InnerException ?? exception);
        }
        finally
        {
            _exited.TrySetResult(true);
        }
    }

    private async Task StopAsync()
    {
        await _stopping.CancelAsync();
        if (!_application.Task.IsCompletedSuccessfully)
        {
            ReportFailure(new ObjectDisposedException(nameof(IDistributedApplicationTestingBuilder)));
            return;
        }

        var application = await _application.Task;
        _lifetime?.StopApplication();

        // The entry point stops and disposes of what it runs; disposing again covers one that hangs, or built but did not run.
        try
        {
            await _exited.Task.WaitAsync(_shutdownTimeout, TimeProvider.System);
        }
        finally
        {
            await application.DisposeAsync();
        }
    }

    private static TaskCompletionSource<T> NewSource<T>() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
