using System.Diagnostics;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MediaAspire.Tests.Harness;

/// <summary>A process's own <c>Program</c>, run in this process with its server and without its background services.</summary>
/// <remarks>So a test sees exactly the services and endpoints that the program adds and maps.</remarks>
internal sealed class RealProgram : IAsyncDisposable
{
    // Builds the pipeline and starts the server.
    private const string WebHost = "Microsoft.AspNetCore.Hosting.GenericWebHostService";

    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(1);

    private readonly IHost _host;
    private readonly Task _run;

    private RealProgram(IHost host, Task run) => (_host, _run) = (host, run);

    public IServiceProvider Services => _host.Services;

    public IReadOnlyList<Endpoint> Endpoints => Services.GetRequiredService<EndpointDataSource>().Endpoints;

    public IReadOnlyList<Uri> Addresses
    {
        get
        {
            var server = Services.GetRequiredService<IServer>();
            return [.. server.Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Select(url => new Uri(url))];
        }
    }

    /// <summary>Runs the program of an assembly until it has started.</summary>
    /// <param name="type">Any type of the assembly.</param>
    /// <param name="settings">Its command line, such as <c>--Admin:Port=1</c>.</param>
    public static async Task<RealProgram> StartAsync(Type type, params string[] settings)
    {
        var main = type.Assembly.EntryPoint ?? throw new ArgumentException($"{type.Assembly} is not a program.", nameof(type));
        var built = new TaskCompletionSource<IHost>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var hosting = new HostingListener(Prepare, host => built.TrySetResult(host));
        using var listeners = DiagnosticListener.AllListeners.Subscribe(hosting);

        var run = Task.Factory.StartNew(
            () =>
            {
                hosting.IsOwn = true;
                main.Invoke(null, [settings]);
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
        await await Task.WhenAny(built.Task, run).WaitAsync(s_patience);
        var host = await built.Task.WaitAsync(s_patience);

        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = host.Services.GetRequiredService<IHostApplicationLifetime>()
            .ApplicationStarted.Register(() => started.TrySetResult());
        await await Task.WhenAny(started.Task, run).WaitAsync(s_patience);
        return new RealProgram(host, run);
    }

    public async ValueTask DisposeAsync()
    {
        Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();
        await _run.WaitAsync(s_patience);
    }

    private static void Prepare(IHostBuilder builder) => builder.ConfigureServices(services =>
    {
        services.RemoveAll<ILoggerProvider>();
        foreach (var service in services.Where(service => service.ServiceType == typeof(IHostedService)).ToList())
        {
            if (service.ImplementationType?.FullName != WebHost)
            {
                services.Remove(service);
            }
        }
    });

    /// <summary>Receives the events of the host that is built in the flow of one program.</summary>
    private sealed class HostingListener(Action<IHostBuilder> prepare, Action<IHost> built)
        : IObserver<DiagnosticListener>, IObserver<KeyValuePair<string, object?>>, IDisposable
    {
        private readonly AsyncLocal<bool> _isOwn = new();
        private readonly List<IDisposable> _subscriptions = [];

        public bool IsOwn
        {
            set => _isOwn.Value = value;
        }

        public void OnNext(DiagnosticListener value)
        {
            // Other tests build hosts at the same time.
            if (_isOwn.Value && value.Name == "Microsoft.Extensions.Hosting")
            {
                _subscriptions.Add(value.Subscribe(this));
            }
        }

        public void OnNext(KeyValuePair<string, object?> value)
        {
            switch (value)
            {
                case { Key: "HostBuilding", Value: IHostBuilder builder } when _isOwn.Value:
                    prepare(builder);
                    break;
                case { Key: "HostBuilt", Value: IHost host } when _isOwn.Value:
                    built(host);
                    break;
            }
        }

        public void OnCompleted()
        {
        }

        public void OnError(Exception error)
        {
        }

        public void Dispose() => _subscriptions.ForEach(subscription => subscription.Dispose());
    }
}
