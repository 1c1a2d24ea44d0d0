using MediaAspire.Core.Cluster;
using MediaAspire.Core.Ids;
using MediaAspire.Core.NodeAdministration;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MediaAspire.Api.Admin;

/// <summary>Finds nodes by id or name, and describes them. Reads the database, not the process's view of it.</summary>
internal sealed class NodeQueries(NodeRegistry registry, NodeAdministrator administration)
{
    private const int LongestName = 255;

    public async Task<List<NodeResponse>> ListAsync(CancellationToken cancellationToken)
    {
        var cluster = await registry.ReadAsync(cancellationToken);
        var shares = SharesOf(cluster.Ring);
        return [.. cluster.Servers.OrderBy(server => server.Name, StringComparer.Ordinal).ThenBy(server => server.Id.Value)
            .Select(server => Describe(server, shares))];
    }

    public async Task<Results<Ok<NodeDetailResponse>, ProblemHttpResult>> DescribeAsync(string node, CancellationToken cancellationToken)
    {
        var cluster = await registry.ReadAsync(cancellationToken);
        var (found, problem) = Find(cluster, node);
        return found is null
            ? problem!
            : TypedResults.Ok(new NodeDetailResponse(
                Describe(found, SharesOf(cluster.Ring)), await administration.CountCopiesAsync(found.Id, cancellationToken)));
    }

    /// <summary>Describes a node after it was changed.</summary>
    public async Task<NodeResponse> DescribeAsync(ServerId server, CancellationToken cancellationToken)
    {
        var cluster = await registry.ReadAsync(cancellationToken);
        return cluster.TryGetServer(server, out var now)
            ? Describe(now, SharesOf(cluster.Ring))
            : throw new InvalidOperationException($"Server {server} is missing from the database, where no server is ever deleted.");
    }

    /// <summary>Finds a node by its id or name.</summary>
    /// <returns>The node, or the problem.</returns>
    public async Task<(ClusterServer? Node, ProblemHttpResult? Problem)> FindAsync(string node, CancellationToken cancellationToken) =>
        Find(await registry.ReadAsync(cancellationToken), node);

    /// <summary>Finds a node by its id, or else by its name; of several with that name, the one that is not removed.</summary>
    private static (ClusterServer? Node, ProblemHttpResult? Problem) Find(ClusterSnapshot cluster, string node)
    {
        if (ServerId.TryParse(node, out var id))
        {
            return cluster.TryGetServer(id, out var byId) ? (byId, null) : (null, NodeErrors.NotFound(node));
        }

        if (string.IsNullOrWhiteSpace(node) || node.Length > LongestName || node.Any(char.IsControl))
        {
            return (null, NodeErrors.InvalidName());
        }

        var named = cluster.Servers.Where(server => server.Name == node).ToList();
        var present = named.Where(server => server.Status != ServerStatus.Removed).ToList();
        return (named, present) switch
        {
            (_, [var only]) => (only, null),
            ([var only], _) => (only, null),
            ([], _) => (null, NodeErrors.NotFound(node)),
            _ => (null, NodeErrors.AmbiguousName(node, named)),
        };
    }

    private static Dictionary<ServerId, double> SharesOf(HashRing ring) =>
        ring.Servers.ToArray().Zip(ring.Shares()).ToDictionary(share => share.First, share => share.Second);

    private static NodeResponse Describe(ClusterServer server, Dictionary<ServerId, double> shares) => new(
        server.Id.Value,
        server.Name,
        server.Address.ToString(),
        server.Status.ToText(),
        server.AvailableBytes,
        server.UsedBytes,
        server.TrashBytes,
        server.ChunkCount,
        Math.Round(server.HeartbeatAge.TotalSeconds, 3),
        shares.GetValueOrDefault(server.Id));
}
