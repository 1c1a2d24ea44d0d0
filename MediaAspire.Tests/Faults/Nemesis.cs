namespace MediaAspire.Tests.Faults;

/// <summary>Causes the faults of the plans: those of nodes in one sequence, and those of all other processes in a parallel one.</summary>
internal sealed class Nemesis(
    CampaignOptions options, CampaignGraph graph, ClusterState cluster, CampaignLog log, FaultBoard board, AdminClient admin)
{
    // Far longer than the detection of a dead node and the repair of a copy with the graph's settings.
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(3);

    private static readonly FaultKind[] s_nodeFaults =
    [
        FaultKind.KillNode, FaultKind.PauseNode, FaultKind.FillDisk, FaultKind.FlipBits, FaultKind.DeleteChunks, FaultKind.TruncateChunks,
    ];

    private static readonly FaultKind[] s_processFaults =
    [
        FaultKind.KillWorker, FaultKind.PauseWorker, FaultKind.KillApi,
        FaultKind.KillPostgres, FaultKind.PausePostgres, FaultKind.KillRedis,
    ];

    private readonly DiskDamage _damage = new(graph, log);

    /// <summary>Causes faults until it is cancelled; undoes the current one first.</summary>
    public Task RunAsync(CancellationToken stop, CancellationToken abort) => Task.WhenAll(
        RunAsync(new FaultPlan(options.Seed, s_nodeFaults, [.. CampaignGraph.NodeNames]), waitsUntilWhole: true, stop, abort),
        RunAsync(new FaultPlan(~options.Seed, s_processFaults, [.. CampaignGraph.NodeNames]), waitsUntilWhole: false, stop, abort));

    private async Task RunAsync(FaultPlan plan, bool waitsUntilWhole, CancellationToken stop, CancellationToken abort)
    {
        while (true)
        {
            var fault = plan.Next();
            await Task.Delay(fault.Wait, TimeProvider.System, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (stop.IsCancellationRequested)
            {
                return;
            }

            log.Write("nemesis", $"{fault} begins");
            using (board.Begin(fault))
            {
                await DoAsync(fault, abort);
            }

            log.Count($"fault {fault.Kind}", "done");
            log.Write("nemesis", $"{fault} is over");
            if (waitsUntilWhole)
            {
                await cluster.WaitUntilWholeAsync(s_patience, abort);
                await ClusterState.WaitUntilNoneAsync("Damage was not healed", _damage.ListOpenAsync, s_patience, abort);
                log.Write("nemesis", "the cluster is whole");
            }
        }
    }

    private async Task DoAsync(Fault fault, CancellationToken abort)
    {
        switch (fault.Kind)
        {
            case FaultKind.PauseNode or FaultKind.PauseWorker or FaultKind.PausePostgres:
                await graph.PauseAsync(fault.Resource);
                await LastAsync(fault, abort);
                await graph.ResumeAsync(fault.Resource);
                break;

            case FaultKind.KillNode or FaultKind.KillWorker or FaultKind.KillApi or FaultKind.KillPostgres or FaultKind.KillRedis:
                await graph.KillAsync(fault.Resource, abort);
                await LastAsync(fault, abort);
                await graph.RestartAsync(fault.Resource, abort);
                break;

            case FaultKind.FlipBits or FaultKind.DeleteChunks or FaultKind.TruncateChunks:
                await _damage.DoAsync(fault, abort);

                // Readers may detect the damage first; the scrub detects the rest.
                await LastAsync(fault, abort);
                await StartScrubAsync(abort);
                break;

            case FaultKind.FillDisk when graph.SmallDisk is null:
                break;

            case FaultKind.FillDisk:
                log.Write("nemesis", $"{graph.SmallDisk.Fill()} bytes filled");
                await LastAsync(fault, abort);
                graph.SmallDisk.Empty();
                break;

            default:
                throw new System.Diagnostics.UnreachableException($"{fault.Kind}");
        }
    }

    // A scrub that is already open may have passed the damage.
    private Task StartScrubAsync(CancellationToken abort) => ClusterState.WaitUntilNoneAsync(
        "No scrub could be started",
        async cancellationToken => await admin.TryStartScrubAsync(cancellationToken) ? [] : ["another one is open"],
        s_patience,
        abort);

    // Ends early when the campaign is aborted; stopping the graph then undoes the fault.
    private static Task LastAsync(Fault fault, CancellationToken abort) => Task.Delay(fault.Lasting, TimeProvider.System, abort);
}
