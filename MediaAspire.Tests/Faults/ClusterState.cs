using System.Globalization;
using Npgsql;

namespace MediaAspire.Tests.Faults;

/// <summary>The state of the cluster according to PostgreSQL and the nodes' disks.</summary>
internal sealed class ClusterState(CampaignGraph graph)
{
    /// <summary>The silence after which a node is down; a little longer than in the graph's settings.</summary>
    private const string Away = "'5 seconds'";

    /// <summary>
    /// Describes the deviations from a whole cluster, in which every chunk of a visible file has its copies on living nodes.
    /// </summary>
    /// <returns>An empty list if the cluster is whole.</returns>
    public async Task<IReadOnlyList<string>> ListDangersAsync(CancellationToken cancellationToken)
    {
        var dangers = new List<string>();
        await AddAsync(
            dangers, "{0} nodes are down",
            $"""
            SELECT {CampaignGraph.Nodes} - count(*) FROM storage_servers
            WHERE status = 'online' AND last_heartbeat > now() - interval {Away}
            """, cancellationToken);
        await AddAsync(
            dangers, "{0} copies are corrupt, missing or being created",
            "SELECT count(*) FROM chunk_replicas WHERE status IN ('corrupt', 'missing', 'copying')", cancellationToken);
        await AddAsync(
            dangers, "{0} chunks of visible files have too few copies on live nodes",
            $"""
            SELECT count(*) FROM files f JOIN chunks c USING (file_id) WHERE f.upload_status = 'completed' AND f.copies >
                (SELECT count(*) FROM chunk_replicas r JOIN storage_servers s USING (server_id)
                 WHERE r.chunk_id = c.chunk_id AND r.status = 'stored' AND s.last_heartbeat > now() - interval {Away})
            """, cancellationToken);
        return dangers;
    }

    /// <summary>Waits until nothing endangers the cluster.</summary>
    public async Task WaitUntilWholeAsync(TimeSpan patience, CancellationToken cancellationToken) =>
        await WaitUntilNoneAsync("The cluster did not become whole again", ListDangersAsync, patience, cancellationToken);

    /// <summary>Waits until a list of complaints is empty.</summary>
    /// <exception cref="CampaignViolationException">The list did not become empty in time.</exception>
    public static async Task WaitUntilNoneAsync(
        string what, Func<CancellationToken, Task<IReadOnlyList<string>>> list, TimeSpan patience, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(patience);
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(250));
        IReadOnlyList<string> complaints = ["it was never checked"];
        try
        {
            while (true)
            {
                try
                {
                    complaints = await list(deadline.Token);
                    if (complaints.Count == 0)
                    {
                        return;
                    }
                }
                catch (Exception away) when (away is NpgsqlException or HttpRequestException)
                {
                    complaints = [away.Message];
                }

                await poll.WaitForNextTickAsync(deadline.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new CampaignViolationException($"{what} within {patience}: {string.Join("; ", complaints)}.");
        }
    }

    /// <summary>Adds a complaint unless the query returns 0.</summary>
    public async Task AddAsync(List<string> complaints, string format, string sql, CancellationToken cancellationToken)
    {
        await using var command = graph.Database.CreateCommand(sql);
        var count = Convert.ToInt64(await command.ExecuteScalarAsync(cancellationToken), CultureInfo.InvariantCulture);
        if (count != 0)
        {
            complaints.Add(string.Format(CultureInfo.InvariantCulture, format, count));
        }
    }
}
