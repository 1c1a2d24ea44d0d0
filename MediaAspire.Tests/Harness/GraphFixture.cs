using System.Diagnostics;
using System.Globalization;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using MediaAspire.Tests.Console;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace MediaAspire.Tests.Harness;

/// <summary>The whole AppHost with real PostgreSQL, Redis and six nodes, started once for every test of the collection.</summary>
public class GraphFixture : IAsyncLifetime
{
    public const int Nodes = 6;

    // A test host has no dashboard. Without this setting every process would wait seconds for it at its end.
    private const string NoTelemetry = "--ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL=";

    private static readonly TimeSpan s_startTimeout = TimeSpan.FromMinutes(3);

    private readonly DirectoryInfo _data = DataDirectories.Create("mediaaspire-graph-");
    private DistributedApplication? _app;
    private NpgsqlDataSource? _database;

    public DistributedApplication App => _app ?? throw new InvalidOperationException("The graph is not started.");

    /// <summary>Gets the number of nodes of a graph of another kind: three, which take a copy each, start in half the time.</summary>
    protected virtual int StorageNodes => Nodes;

    /// <summary>Gets the further settings of a graph of another kind.</summary>
    protected virtual string[] Settings => [];

    /// <summary>Gets a client of the API with the graph's own key; its timeout suits transfers, not hangs.</summary>
    public HttpClient Api { get; private set; } = null!;

    /// <summary>Gets a client of the API's admin listener with the graph's own key.</summary>
    public HttpClient Admin { get; private set; } = null!;

    public NpgsqlDataSource Database => _database ?? throw new InvalidOperationException("The graph is not started.");

    public async Task InitializeAsync()
    {
        using var turn = await GraphStarts.TakeTurnAsync();
        using var timeout = new CancellationTokenSource(s_startTimeout);
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.MediaAspire_AppHost>(
            ["--Engines=processes", $"--Data:Directory={_data.FullName}", $"--Storage:Nodes={StorageNodes}", NoTelemetry, .. Settings],
            timeout.Token);

        var log = new GraphLog();
        builder.Services.AddLogging(logging => logging.AddProvider(log));

        _app = await builder.BuildAsync(timeout.Token);
        try
        {
            await _app.StartAsync(timeout.Token);
            await WaitHealthyAsync("api", timeout.Token);
            await WaitHealthyAsync("worker", timeout.Token);
        }
        catch (Exception failure)
        {
            var health = await AskHealthAsync(_app);
            await DisposeAsync();
            throw new InvalidOperationException(
                $"The graph did not come up within {s_startTimeout}. Its API's health: {health}. It said:\n{log}", failure);
        }

        Admin = await _app.CreateApiClientAsync("admin");
        Api = await _app.CreateApiClientAsync("http");
        Api.Timeout = TimeSpan.FromMinutes(2);
        _database = NpgsqlDataSource.Create((await _app.GetConnectionStringAsync("media", timeout.Token))!);
    }

    public async Task DisposeAsync()
    {
        if (_database is not null)
        {
            await _database.DisposeAsync();
        }

        if (_app is not null)
        {
            await _app.StopAsync();
            await _app.DisposeAsync();
        }

        _data.Delete(recursive: true);
    }

    /// <summary>Waits until the resource is healthy.</summary>
    /// <remarks>A resource that was just started may be reported as ended for a moment: that state does not end the wait.</remarks>
    public Task WaitHealthyAsync(string resource, CancellationToken cancellationToken) =>
        App.ResourceNotifications.WaitForResourceHealthyAsync(resource, WaitBehavior.WaitOnResourceUnavailable, cancellationToken);

    /// <summary>Waits until a query returns the expected number.</summary>
    public async Task WaitForAsync(string sql, long expected, TimeSpan timeout)
    {
        using var deadline = new CancellationTokenSource(timeout);
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        long actual;
        while ((actual = await CountAsync(sql)) != expected)
        {
            try
            {
                await poll.WaitForNextTickAsync(deadline.Token);
            }
            catch (OperationCanceledException)
            {
                Assert.Fail($"\"{sql}\" stayed at {actual}; {expected} was expected within {timeout}.");
            }
        }
    }

    public async Task<long> CountAsync(string sql)
    {
        await using var command = Database.CreateCommand(sql);
        return Convert.ToInt64(await command.ExecuteScalarAsync(), CultureInfo.InvariantCulture);
    }

    /// <summary>Counts the chunk files of all nodes, sealed or not; those of one chunk if its id is given.</summary>
    public int CountChunkFiles(string chunk = "") => Directory.EnumerateFiles(_data.FullName, "*", SearchOption.AllDirectories)
        .Count(path => path.Contains("/storage-", StringComparison.Ordinal) && path.Contains("/chunks/", StringComparison.Ordinal)
            && path.Contains(chunk, StringComparison.Ordinal));

    /// <summary>Kills a resource's process with SIGKILL and waits until it is gone.</summary>
    public async Task KillAsync(string resource)
    {
        var state = await StateOfAsync(resource);
        var pid = Assert.Single(state.Snapshot.Properties, property => property.Name == "executable.pid").Value;
        using var process = Process.GetProcessById(Convert.ToInt32(pid, CultureInfo.InvariantCulture));
        process.Kill();
        await process.WaitForExitAsync();
    }

    /// <summary>Restarts a killed resource and waits until it is healthy.</summary>
    public async Task RestartAsync(string resource)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        await App.ResourceNotifications.WaitForResourceAsync(resource, KnownResourceStates.TerminalStates, timeout.Token);
        var result = await App.ResourceCommands.ExecuteCommandAsync(
            (await StateOfAsync(resource)).ResourceId, KnownResourceCommands.StartCommand, timeout.Token);
        Assert.True(result.Success, result.Message);
        await WaitHealthyAsync(resource, timeout.Token);

        // The earlier connections are dead, but only their next use would fail.
        Database.Clear();
        await WaitUntilEveryNodeTakesChunksAsync(timeout.Token);
    }

    private async Task WaitUntilEveryNodeTakesChunksAsync(CancellationToken cancellationToken)
    {
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (true)
        {
            // Its status does not matter: another dependency may still be starting.
            using var health = await Admin.GetAsync("/health", cancellationToken);
            if ((await health.Content.ReadAsStringAsync(cancellationToken)).Contains(
                $"{StorageNodes} of {StorageNodes} storage servers", StringComparison.Ordinal))
            {
                return;
            }

            await poll.WaitForNextTickAsync(cancellationToken);
        }
    }

    /// <summary>Reads the API's health at any status, for the message of a failed start.</summary>
    private static async Task<string> AskHealthAsync(DistributedApplication app)
    {
        try
        {
            using var client = await app.CreateApiClientAsync("admin");
            client.Timeout = TimeSpan.FromSeconds(20);
            using var response = await client.GetAsync(new Uri("/health", UriKind.Relative));
            return await response.Content.ReadAsStringAsync();
        }
        catch (Exception failure) when (failure is HttpRequestException or OperationCanceledException or InvalidOperationException)
        {
            return failure.Message;
        }
    }

    private Task<ResourceEvent> StateOfAsync(string resource) => App.ResourceNotifications.WaitForResourceAsync(resource, _ => true);
}

[CollectionDefinition(Name)]
public sealed class GraphGroup : ICollectionFixture<GraphFixture>, ICollectionFixture<ConsoleBrowser>
{
    public const string Name = "Graph";
}
