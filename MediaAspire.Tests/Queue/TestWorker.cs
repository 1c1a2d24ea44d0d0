using MediaAspire.Core.Jobs;
using MediaAspire.Tests.Harness;
using MediaAspire.Worker.Queue;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace MediaAspire.Tests.Queue;

/// <summary>
/// A worker of its own connections within this process, which runs jobs of <see cref="TestJobs"/> by the test's delegate.
/// </summary>
internal sealed class TestWorker : IAsyncDisposable
{
    private readonly IHost _host;
    private readonly JobEngineClient _client;
    private readonly SeverableJobSource _source;

    private TestWorker(IHost host, JobEngineClient client, SeverableJobSource source)
    {
        _host = host;
        _client = client;
        _source = source;
    }

    public static Task<TestWorker> StartAsync(
        IJobEngine engine, Func<TestPayload, JobContext, CancellationToken, Task> handle, params string[] settings) =>
        StartAsync(engine, handle, limited: null, settings);

    /// <param name="engine">The queue.</param>
    /// <param name="handle">Runs every job.</param>
    /// <param name="limited">A second kind and the number of its own places; null if not needed.</param>
    /// <param name="settings">Settings, as on the command line.</param>
    public static async Task<TestWorker> StartAsync(
        IJobEngine engine,
        Func<TestPayload, JobContext, CancellationToken, Task> handle,
        (JobKind<TestPayload> Kind, int Concurrency)? limited,
        params string[] settings)
    {
        var client = await engine.OpenAsync();
        var source = new SeverableJobSource(client.Source);
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddCommandLine(settings);
        builder.Services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.None));

        // AddJobs does not replace a service that is already added.
        builder.Services.AddSingleton<IJobSource>(source);
        builder.Services.AddSingleton(client.Queue);
        builder.Services.AddSingleton(client.Dead);
        builder.Services.AddSingleton(client.Stats);
        builder.Services.AddSingleton(_ => NpgsqlDataSource.Create("Host=/nonexistent"));
        builder.AddJobs();
        builder.Services.AddSingleton(new DelegateHandler(handle));
        builder.Services.AddJobHandler<TestPayload, DelegateHandler>(TestJobs.Kind);
        if (limited is { } other)
        {
            builder.Services.AddJobHandler<TestPayload, DelegateHandler>(other.Kind, _ => other.Concurrency);
        }

        var host = builder.Build();
        await host.StartAsync();
        return new TestWorker(host, client, source);
    }

    public IServiceProvider Services => _host.Services;

    /// <summary>Stops the worker, as SIGTERM does.</summary>
    public Task StopAsync() => _host.StopAsync();

    /// <summary>Stops the consumer: it does not take jobs once this returns. The task ends with the last running job.</summary>
    /// <remarks>The host stops its services one after another, so a test can't know when its turn comes.</remarks>
    public Task StopConsumerAsync() =>
        _host.Services.GetServices<IHostedService>().OfType<JobConsumer>().Single().StopAsync(CancellationToken.None);

    /// <summary>Cuts the worker off from the queue, which looks like <c>kill -9</c> from there.</summary>
    public void Kill() => _source.Sever();

    public bool IsKilled => _source.IsSevered;

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
        await _client.DisposeAsync();
    }

    private sealed class DelegateHandler(Func<TestPayload, JobContext, CancellationToken, Task> handle) : IJobHandler<TestPayload>
    {
        public Task HandleAsync(TestPayload payload, JobContext job, CancellationToken cancellationToken) =>
            handle(payload, job, cancellationToken);
    }
}
