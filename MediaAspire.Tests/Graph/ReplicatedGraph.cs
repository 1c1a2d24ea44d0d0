using System.Globalization;
using System.Net;
using Aspire.Hosting.ApplicationModel;
using MediaAspire.Tests.Faults;
using MediaAspire.Tests.Fetching;
using MediaAspire.Tests.Harness;
using Microsoft.AspNetCore.Http;

namespace MediaAspire.Tests.Graph;

/// <summary>A graph with two replicas of the API and two workers, and an origin that it may fetch from.</summary>
/// <remarks>Its object store is Ceph's gateway where that is installed, else the graph's own.</remarks>
public sealed class ReplicatedGraph : GraphFixture, IAsyncLifetime
{
    private const int Replicas = 2;

    private static readonly TimeSpan s_restart = TimeSpan.FromMinutes(2);

    private CephGateway? _ceph;
    private OriginServer _origin = null!;

    protected override int StorageNodes => 3;

    protected override string[] Settings =>
    [
        $"--Api:Replicas={Replicas}", $"--Worker:Replicas={Replicas}", "--Fetching:AllowedNetworks=127.0.0.1/32",
        $"--Fetching:AllowedPorts={_origin.Port}", "--Jobs:LeaseDuration=00:00:05", "--Jobs:RetryDelay=00:00:00.200",
        "--Duties:LeaseDuration=00:00:03", "--Images:Migration:Interval=00:00:01", "--Images:Migration:Concurrency=2",
        .. _ceph is null ? Array.Empty<string>() : [$"--ConnectionStrings:s3={_ceph.ConnectionString}"],
    ];

    /// <summary>Gets clients of the replicas themselves, with the graph's own key.</summary>
    public IReadOnlyList<HttpClient> Apis { get; private set; } = [];

    /// <summary>Gets the requests to the origin, as host and path.</summary>
    internal IReadOnlyList<string> Fetched => _origin.Requests;

    internal string Origin => $"http://127.0.0.1:{_origin.Port}";

    public new async Task InitializeAsync()
    {
        _origin = await OriginServer.StartAsync(async context =>
        {
            if (context.Request.Path == "/missing")
            {
                context.Response.StatusCode = StatusCodes.Status404NotFound;
                return;
            }

            context.Response.Headers.CacheControl = "max-age=600";
            await context.Response.Body.WriteAsync(NoisePicture.Make(context.Request.Path.GetHashCode()), context.RequestAborted);
        });
        _ceph = CephGateway.MissingReason is null ? await CephGateway.StartAsync() : null;
        await base.InitializeAsync();
        var key = await App.GetSecretAsync("admin-key");
        using var limit = new CancellationTokenSource(s_restart);
        foreach (var replica in await ReplicasOfAsync("api", limit.Token))
        {
            var client = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 600 }) { BaseAddress = AddressOf(replica) };
            client.DefaultRequestHeaders.Add(TestApiKey.Header, key);
            Apis = [.. Apis, client];
        }

        Assert.Equal(Replicas, Apis.Select(api => api.BaseAddress).Distinct().Count());
    }

    public new async Task DisposeAsync()
    {
        foreach (var client in Apis)
        {
            client.Dispose();
        }

        await base.DisposeAsync();
        await (_ceph?.DisposeAsync() ?? ValueTask.CompletedTask);
        await _origin.DisposeAsync();
    }

    /// <summary>Finds the processes of the replicas.</summary>
    public async Task<IReadOnlyList<int>> ProcessesOfAsync(string resource)
    {
        using var limit = new CancellationTokenSource(s_restart);
        return [.. (await ReplicasOfAsync(resource, limit.Token)).Select(IdOf)];
    }

    /// <summary>Kills all replicas of a resource with SIGKILL, and restarts them.</summary>
    public async Task KillAllAndRestartAsync(string resource)
    {
        using var limit = new CancellationTokenSource(s_restart);
        var replicas = await ReplicasOfAsync(resource, limit.Token);
        await ProcessTree.KillAsync([.. replicas.Select(IdOf)], limit.Token);
        await Task.WhenAll(replicas.Select(async replica =>
        {
            await WaitAsync(replica.ResourceId, state => KnownResourceStates.TerminalStates.Contains(state.State?.Text), limit.Token);
            var result = await App.ResourceCommands.ExecuteCommandAsync(
                replica.ResourceId, KnownResourceCommands.StartCommand, limit.Token);
            Assert.True(result.Success, result.Message);
            await WaitAsync(
                replica.ResourceId,
                state => state.State?.Text == KnownResourceStates.Running && IdOf(state) is { } id && id != IdOf(replica),
                limit.Token);
        }));
    }

    private async Task<IReadOnlyList<ResourceEvent>> ReplicasOfAsync(string resource, CancellationToken cancellationToken)
    {
        var found = new Dictionary<string, ResourceEvent>(StringComparer.Ordinal);
        await foreach (var state in App.ResourceNotifications.WatchAsync(cancellationToken))
        {
            if (state.Resource.Name == resource && state.Snapshot.State?.Text == KnownResourceStates.Running
                && IdOf(state.Snapshot) is not null)
            {
                found[state.ResourceId] = state;
                if (found.Count == Replicas)
                {
                    break;
                }
            }
        }

        return [.. found.Values];
    }

    private async Task WaitAsync(string replica, Func<CustomResourceSnapshot, bool> isReached, CancellationToken cancellationToken)
    {
        await foreach (var state in App.ResourceNotifications.WatchAsync(cancellationToken))
        {
            if (state.ResourceId == replica && isReached(state.Snapshot))
            {
                return;
            }
        }
    }

    private static int IdOf(ResourceEvent replica) => IdOf(replica.Snapshot)!.Value;

    private static int? IdOf(CustomResourceSnapshot state) =>
        state.Properties.FirstOrDefault(property => property.Name == "executable.pid")?.Value is { } id
            ? Convert.ToInt32(id, CultureInfo.InvariantCulture) : null;

    // A replica has ports of its own behind the proxy: one for files, one for operators, one for S3.
    private static Uri AddressOf(ResourceEvent replica)
    {
        var variables = replica.Snapshot.EnvironmentVariables.Where(variable => variable.Value is not null)
            .ToDictionary(variable => variable.Name, variable => variable.Value!, StringComparer.Ordinal);
        var others = new[] { variables["Admin__Port"], variables["S3__Port"] };
        var port = variables["ASPNETCORE_URLS"].Split(';').Select(url => new Uri(url).Port.ToString(CultureInfo.InvariantCulture))
            .Single(port => !others.Contains(port));
        return new Uri($"http://{IPAddress.Loopback}:{port}");
    }
}

[CollectionDefinition(Name)]
public sealed class ReplicatedGraphGroup : ICollectionFixture<ReplicatedGraph>
{
    public const string Name = "Graph of replicas";
}
