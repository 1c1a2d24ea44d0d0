using System.Diagnostics.Metrics;
using MediaAspire.Core.Database;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace MediaAspire.Tests.Harness;

/// <summary>A listener without a host. It runs from <see cref="StartAsync"/> until it is disposed.</summary>
internal sealed class RunningListener : IAsyncDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();

    private RunningListener(
        NpgsqlDataSource database, TimeSpan? interval, TimeSpan? waitLimit, Func<NpgsqlConnection, TimeSpan, Task>? wait)
    {
        Metrics = new DatabaseMetrics(_services.GetRequiredService<IMeterFactory>());
        var usual = new DatabaseListener(database, Metrics, TimeProvider.System, NullLogger<DatabaseListener>.Instance);
        Listener = new DatabaseListener(database, Metrics, TimeProvider.System, NullLogger<DatabaseListener>.Instance)
        {
            Interval = interval ?? usual.Interval,
            WaitLimit = waitLimit ?? usual.WaitLimit,
            Wait = wait ?? usual.Wait,
        };
    }

    public DatabaseListener Listener { get; }

    public DatabaseMetrics Metrics { get; }

    public static async Task<RunningListener> StartAsync(
        NpgsqlDataSource database,
        TimeSpan? interval = null,
        TimeSpan? waitLimit = null,
        Func<NpgsqlConnection, TimeSpan, Task>? wait = null)
    {
        var running = new RunningListener(database, interval, waitLimit, wait);
        await running.Listener.StartAsync(CancellationToken.None);
        return running;
    }

    public async ValueTask DisposeAsync()
    {
        await Listener.StopAsync(CancellationToken.None);
        Listener.Dispose();
        await _services.DisposeAsync();
    }
}
