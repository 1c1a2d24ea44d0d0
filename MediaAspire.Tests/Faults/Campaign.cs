using System.Globalization;

namespace MediaAspire.Tests.Faults;

/// <summary>A campaign: clients, nemesis and final check on one graph.</summary>
internal sealed class Campaign(CampaignOptions options, CampaignLog log)
{
    private readonly CampaignModel _model = new();
    private readonly FaultBoard _board = new();

    /// <summary>Runs the whole campaign. Returns if no violation was found.</summary>
    /// <exception cref="CampaignViolationException">The product violated a guarantee.</exception>
    public async Task RunAsync()
    {
        log.Write("campaign", string.Create(
            CultureInfo.InvariantCulture,
            $"seed {options.Seed}, {options.Duration}, {options.Clients} clients; repeat with: {options.ReplayCommand}"));
        await using var graph = await CampaignGraph.StartAsync(log);
        log.Write("campaign", "the graph is up");

        var key = await graph.GetKeyAsync();
        var cluster = new ClusterState(graph);
        var probe = new FileProbe(graph.Database);
        var objectStore = await graph.GetObjectStoreAsync();
        using var bucket = new S3Bucket(objectStore);
        await bucket.Client.PutBucketAsync(S3Bucket.Name);
        var s3Probe = new S3Probe(bucket.Client, graph.Database);
        var mediaProbe = new MediaProbe(graph.Database);
        using var admin = new AdminClient(graph.AdminAddress, key);
        using (var abort = new CancellationTokenSource())
        using (var stop = CancellationTokenSource.CreateLinkedTokenSource(abort.Token))
        {
            stop.CancelAfter(options.Duration);
            var nemesis = new Nemesis(options, graph, cluster, log, _board, admin);
            var clients = Enumerable.Range(1, options.Clients)
                .Select(number => new CampaignClient(number, options, _model, log, _board, Doors)).ToList();
            try
            {
                await WhenAllOrFirstFailureAsync(
                    [.. clients.Select(client => client.RunAsync(stop.Token)), nemesis.RunAsync(stop.Token, abort.Token)], abort);
            }
            finally
            {
                clients.ForEach(client => client.Dispose());
            }
        }

        log.Write("campaign", "clients and nemesis have ended");
        var bucketCheck = new S3FinalCheck(bucket, _model, s3Probe, cluster, log);
        using var mediaCheck = new MediaFinalCheck(
            graph, key, MediaFinalCheck.BucketOf(objectStore), bucket, _model, mediaProbe, cluster, log);
        using var check = new FinalCheck(graph, key, cluster, _model, probe, bucketCheck, mediaCheck, log, admin);
        await check.RunAsync(CancellationToken.None);

        IReadOnlyList<ICampaignDoor> Doors(FileNumbers numbers) =>
        [
            new FilesDoor(_model, _board, probe, graph.ApiAddress, key, numbers),
            new S3Door(_model, bucket, s3Probe, numbers),
            new MediaDoor(_model, _board, mediaProbe, graph.ApiAddress, key, numbers),
        ];
    }

    /// <summary>Waits for all tasks. The first failure cancels the others and is rethrown.</summary>
    private async Task WhenAllOrFirstFailureAsync(List<Task> tasks, CancellationTokenSource abort)
    {
        var all = Task.WhenAll(tasks);
        await foreach (var ended in Task.WhenEach(tasks))
        {
            if (!ended.IsCompletedSuccessfully)
            {
                log.Write("campaign", $"aborted: {ended.Exception?.InnerException?.Message}");
                await abort.CancelAsync();
                await all.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                await ended;
            }
        }
    }
}
