using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using MediaAspire.Core.Ids;

namespace MediaAspire.Core.Cluster;

/// <summary>The cluster at one moment. Immutable.</summary>
public sealed class ClusterSnapshot
{
    private readonly FrozenDictionary<ServerId, ClusterServer> _servers;

    internal ClusterSnapshot(IEnumerable<ClusterServer> servers, IEnumerable<RingNode> nodes, ClusterHistory? history = null)
    {
        History = history;
        _servers = servers.ToFrozenDictionary(server => server.Id);
        Ring = HashRing.Create(
            nodes.Where(node => _servers.TryGetValue(node.Server, out var server) && server.Status == ServerStatus.Online));
    }

    public static ClusterSnapshot Empty { get; } = new([], []);

    /// <summary>Gets every known server, of any status.</summary>
    public IReadOnlyCollection<ClusterServer> Servers => _servers.Values;

    /// <summary>Gets the history of the database that it was read from; null outside of databases.</summary>
    public ClusterHistory? History { get; }

    /// <summary>The ring of the servers that take new chunks.</summary>
    public HashRing Ring { get; }

    public bool TryGetServer(ServerId id, [NotNullWhen(true)] out ClusterServer? server) => _servers.TryGetValue(id, out server);
}
