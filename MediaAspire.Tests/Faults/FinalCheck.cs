using System.Net.Http.Json;
using MediaAspire.Api.Files;
using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Faults;

/// <summary>Checks the cluster once it has recovered and every process is up.</summary>
internal sealed class FinalCheck(
    CampaignGraph graph, string key, ClusterState cluster, CampaignModel model, FileProbe probe, S3FinalCheck bucket,
    MediaFinalCheck media, CampaignLog log, AdminClient admin) : IDisposable
{
    private const int Copies = 2;
    private const int ReadersAtOnce = 4;
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(4);

    private readonly DiskComparison _disks = new(graph);
    private readonly HttpClient _http = new()
    {
        BaseAddress = graph.ApiAddress,
        Timeout = TimeSpan.FromMinutes(1),
        DefaultRequestHeaders = { { TestApiKey.Header, key } },
    };

    public void Dispose() => _http.Dispose();

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        foreach (var resource in CampaignGraph.NodeNames.Concat(["postgres", "redis", "worker", "api"]))
        {
            await WaitHealthyAsync(resource, cancellationToken);
        }

        await cluster.WaitUntilWholeAsync(s_patience, cancellationToken);
        await bucket.AbortUploadsAsync(cancellationToken);
        await ClusterState.WaitUntilNoneAsync("The cluster did not settle", ListUnsettledAsync, s_patience, cancellationToken);
        await CheckDisksAsync(admin, cancellationToken);

        log.Write("check", "the cluster has settled");

        await CheckNothingElseIsVisibleAsync(cancellationToken);
        var readers = new ParallelOptions { MaxDegreeOfParallelism = ReadersAtOnce, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(model.Files.OrderBy(file => file.Number), readers, async (file, token) =>
            await CheckAsync(file, token));
        await bucket.CheckAsync(readers);
        await media.CheckAsync(readers);
        log.Write("check", "every file, key and item has the expected state");
    }

    private async Task WaitHealthyAsync(string resource, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(s_patience);
        try
        {
            await graph.WaitHealthyAsync(resource, deadline.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new CampaignViolationException($"{resource} was not healthy again within {s_patience} after the last fault.");
        }
    }

    private async Task<IReadOnlyList<string>> ListUnsettledAsync(CancellationToken cancellationToken)
    {
        var complaints = new List<string>();
        await cluster.AddAsync(complaints, "{0} upload sessions are left", "SELECT count(*) FROM upload_sessions", cancellationToken);
        await cluster.AddAsync(
            complaints, "{0} deleted or unfinished files are left",
            "SELECT count(*) FROM files WHERE upload_status <> 'completed'", cancellationToken);
        await cluster.AddAsync(
            complaints, "{0} copies are not stored", "SELECT count(*) FROM chunk_replicas WHERE status <> 'stored'", cancellationToken);
        await cluster.AddAsync(
            complaints, "{0} chunks have more or fewer copies than wanted",
            """
            SELECT count(*) FROM files f JOIN chunks c USING (file_id)
            WHERE f.copies <> (SELECT count(*) FROM chunk_replicas r WHERE r.chunk_id = c.chunk_id)
            """, cancellationToken);
        await bucket.AddUnsettledAsync(complaints, cancellationToken);
        await media.AddUnsettledAsync(complaints, cancellationToken);
        complaints.AddRange(await _disks.ListAsync(cancellationToken));
        return complaints;
    }

    /// <summary>Checks that every copy is intact, by the product's own reports.</summary>
    private static async Task CheckDisksAsync(AdminClient admin, CancellationToken cancellationToken)
    {
        await ClusterState.WaitUntilNoneAsync(
            "No scrub could be started", async token => await admin.TryStartScrubAsync(token) ? [] : ["another one is open"],
            s_patience, cancellationToken);
        await ClusterState.WaitUntilNoneAsync(
            "The last scrub was not clean", admin.ListScrubComplaintsAsync, s_patience, cancellationToken);

        var asked = await admin.StartIntegrityCheckAsync(cancellationToken);
        await ClusterState.WaitUntilNoneAsync(
            "The integrity report did not become clean", token => admin.ListIntegrityComplaintsAsync(asked, token),
            s_patience, cancellationToken);
    }

    /// <summary>Checks that every visible file was acknowledged or had no response.</summary>
    private async Task CheckNothingElseIsVisibleAsync(CancellationToken cancellationToken)
    {
        await using var command = graph.Database.CreateCommand(
            "SELECT filename, file_id FROM files WHERE upload_status = 'completed' AND holders IS NULL");
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            if (model.Find(reader.GetString(0)) is not { } file)
            {
                throw new CampaignViolationException(
                    $"The file {reader.GetString(0)} ({reader.GetGuid(1)}) is visible, but was never stored.");
            }

            if (file.MustBeGone)
            {
                throw new CampaignViolationException($"{file} is visible as {reader.GetGuid(1)}, though it must be absent.");
            }
        }
    }

    private async Task CheckAsync(CampaignFile file, CancellationToken cancellationToken)
    {
        var outcome = file.Id is null ? await probe.AskAsync(_http, file) : await probe.ReadAsync(_http, file, range: null);
        log.Count($"files at the end, {file.State}", outcome.Name);
        if (outcome != ProbeOutcome.Whole && outcome != ProbeOutcome.Gone)
        {
            throw new CampaignViolationException(
                $"{file} cannot be read though every process is up: {outcome.Name} {outcome.Detail}. {await probe.DescribeAsync(file)}");
        }

        if (outcome == ProbeOutcome.Whole)
        {
            await CheckLayoutAsync(file, cancellationToken);
        }
    }

    private async Task CheckLayoutAsync(CampaignFile file, CancellationToken cancellationToken)
    {
        var layout = (await _http.GetFromJsonAsync<FileLayoutResponse>($"/files/{file.Id}/layout", cancellationToken))!;
        foreach (var chunk in layout.Chunks)
        {
            var servers = chunk.Copies.Where(copy => copy.Status == "stored").Select(copy => copy.Server).ToList();
            if (servers.Count != Copies || servers.Distinct().Count() != Copies)
            {
                throw new CampaignViolationException(
                    $"Chunk {chunk.Number} of {file} has {servers.Count} copies. {await probe.DescribeAsync(file)}");
            }
        }
    }
}
